/**
 * @typedef {object} ClusterShape
 * @property {string} folder of all state
 * @property {string} host of the controller
 * @property {string[]} nodes
 * @property {number} cpus that each node claims
 * @property {number[]} ports of the controller, and of each node
 */

/** The configuration of a small Slurm on one machine, without accounting, cgroups and mail. */
export const slurmConf = (
  /** @type {ClusterShape} */ { folder, host, nodes, cpus, ports },
) => `ClusterName=isogloss-test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${ports[0]}
# Listen on what the daemon's hostname is by the private /etc/hosts, not on all addresses.
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge/socket
CredType=cred/munge
MpiDefault=none
# Not linuxproc, which loses what outlives its parent.
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=0,bf_interval=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
KillWait=3
MinJobAge=3600
ReturnToService=2
SlurmdTimeout=10
MailProg=/bin/true
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/state/slurmctld.pid
SlurmdPidFile=${folder}/state/slurmd-%n.pid
SlurmctldLogFile=${folder}/log/slurmctld
SlurmdLogFile=${folder}/log/slurmd-%n
SlurmdParameters=config_overrides
${nodes
  .map(
    (name, i) =>
      `NodeName=${name} NodeHostname=${name} NodeAddr=127.0.0.1 Port=${ports[i + 1]} CPUs=${cpus} RealMemory=8192 State=UNKNOWN`,
  )
  .join('\n')}
PartitionName=low Nodes=${nodes.join(',')} Default=YES PriorityTier=1 PreemptMode=REQUEUE MaxTime=INFINITE DefaultTime=60
PartitionName=high Nodes=${nodes.join(',')} PriorityTier=10 PreemptMode=OFF MaxTime=INFINITE DefaultTime=60
`
