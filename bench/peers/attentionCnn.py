"""
The multi-task network of Fornaciari & Hovy 2019 in TensorFlow, padded to a fixed length as the paper has it: two channels
of convolutions and pools, attention, a softmax over labels and sigmoid coordinates. Word vectors are frozen.
"""

import json

import numpy
import tensorflow as tf

WINDOWS, FILTERS, POOLS = (4, 8), (128, 256), (4, 2)
DROPOUT, WORD_DROPOUT, CLIP_NORM = 0.5, 0.3, 5.0


def load_parameters(folder):
    """The parameters by name, from our side's flat vector; first kernels from [D, w * F] to [w, D, F]."""
    flat = numpy.load(folder + "/start.npy")
    parameters, offset = {}, 0
    for parameter in json.load(open(folder + "/parameters.json")):
        name, shape = parameter["name"], parameter["shape"]
        value = flat[offset:offset + int(numpy.prod(shape))].reshape(shape)
        offset += value.size
        if name.endswith("kernel1"):
            value = value.reshape(shape[0], -1, FILTERS[0]).transpose(1, 0, 2)
        elif name.endswith("kernel2"):
            value = value.reshape(-1, FILTERS[0], FILTERS[1])
        parameters[name] = tf.Variable(value, name=name.replace("/", "_"))
    return parameters


def network(parameters, words, mask, training):
    """words [B, L, D], mask [B, L, 1]; the mask comes after each convolution because relu(bias) is not zero."""
    if training:
        words = words * tf.cast(tf.random.uniform(tf.shape(mask)) >= WORD_DROPOUT, tf.float32)
    channels, top_mask = [], None
    for channel in range(len(WINDOWS)):
        x, m = words, mask
        for layer, pool in enumerate(POOLS, 1):
            kernel, bias = parameters[f"channel{channel}/kernel{layer}"], parameters[f"channel{channel}/bias{layer}"]
            x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv1d(x, kernel, 1, "SAME"), bias)) * m
            x, m = tf.nn.max_pool1d(x, pool, pool, "VALID"), tf.nn.max_pool1d(m, pool, pool, "VALID")
        channels.append(x)
        top_mask = m
    h = tf.concat(channels, 2)
    u = tf.tanh(tf.tensordot(h, parameters["attention/weight"], 1) + parameters["attention/bias"])
    scores = tf.tensordot(u, parameters["attention/context"], 1) + (1 - top_mask) * -1e9
    weights = tf.nn.softmax(scores, 1)
    features = tf.reduce_sum(h * weights, 1)
    if training:
        features = tf.nn.dropout(features, DROPOUT)
    logits = features @ parameters["labels/weight"] + parameters["labels/bias"]
    coordinates = tf.sigmoid(features @ parameters["coordinates/weight"] + parameters["coordinates/bias"])
    return logits, coordinates, weights


def losses(logits, coordinates, labels, targets):
    label = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    distance = tf.sqrt(tf.reduce_sum(tf.square(coordinates - targets), 1) + 1e-12)
    return label, tf.reduce_mean(distance) / numpy.sqrt(2)


class Trainer:
    """Adam on the cross-entropy, plain SGD on the distance, both gradients from one forward pass."""

    def __init__(self, parameters, vectors, rate=1e-3, sgd_rate=0.1, dropout=True, xla=False):
        self.parameters, self.vectors = parameters, tf.constant(vectors)
        self.rate, self.sgd_rate, self.dropout = rate, sgd_rate, dropout
        self.shared = [v for n, v in parameters.items() if n.split("/")[0] not in ("labels", "coordinates")]
        self.of_labels = self.shared + [v for n, v in parameters.items() if n.startswith("labels/")]
        self.of_coordinates = self.shared + [v for n, v in parameters.items() if n.startswith("coordinates/")]
        self.first = [tf.Variable(tf.zeros_like(v)) for v in self.of_labels]
        self.second = [tf.Variable(tf.zeros_like(v)) for v in self.of_labels]
        self.steps = tf.Variable(0.0)
        self.step = tf.function(self._step, jit_compile=xla)

    def _step(self, ids, mask, labels, targets):
        with tf.GradientTape(persistent=True) as tape:
            logits, coordinates, _ = network(self.parameters, tf.gather(self.vectors, ids) * mask, mask, self.dropout)
            label, distance = losses(logits, coordinates, labels, targets)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(label, self.of_labels), CLIP_NORM)
        seconds = tape.gradient(distance, self.of_coordinates)
        self.steps.assign_add(1.0)
        powers = tf.pow(0.9, self.steps), tf.pow(0.999, self.steps)
        for variable, first, second, gradient in zip(self.of_labels, self.first, self.second, gradients):
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle, m=first.handle, v=second.handle, beta1_power=powers[0], beta2_power=powers[1],
                lr=self.rate, beta1=0.9, beta2=0.999, epsilon=1e-7, grad=gradient,
            )
        for variable, gradient in zip(self.of_coordinates, seconds):
            variable.assign_sub(self.sgd_rate * gradient)
        return label, distance


class Documents:
    """Encoded documents, padded to one length."""

    def __init__(self, folder, length):
        self.ids, self.offsets = numpy.load(folder + "/tokens.npy"), numpy.load(folder + "/offsets.npy").astype(int)
        self.length = length

    def batch(self, rows):
        ids = numpy.zeros((len(rows), self.length), numpy.int32)
        mask = numpy.zeros((len(rows), self.length, 1), numpy.float32)
        for i, row in enumerate(rows):
            words = self.ids[self.offsets[row]:self.offsets[row + 1]][:self.length]
            ids[i, :len(words)] = words
            mask[i, :len(words)] = 1
        return ids, mask
