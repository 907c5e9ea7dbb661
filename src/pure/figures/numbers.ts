/** Numbers as they stand in a figure. */
export const countText = (count: number) => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
export const shareText = (share: number) => `${Number((100 * share).toPrecision(share < 0.1 ? 2 : 3))} %`
export const pText = (p: number) => (p < 0.001 ? 'p < .001' : `p = ${p.toFixed(3).replace(/^0/, '')}`)
export const rangeText = (low: string, high: string | null) => (high === null ? `over ${low}` : `${low} to ${high}`)
