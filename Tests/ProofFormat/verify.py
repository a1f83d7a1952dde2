#!/usr/bin/env python3
"""Verifies Grove's proofs: docs/protocol/proof-format.md in Python's standard library.

Written from that page, to be read beside it: the numbers of sections are the page's. Slow (a permutation takes some
200 microseconds) and complete.
"""

import argparse
import json
import os
import sys

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Vectors")
VERSION = 2
P = 2**64 - 2**32 + 1


class Rejected(Exception):
    """The proof is none, or proves something else. `check` names which of CHECKS says so, or is None."""

    def __init__(self, reason, check=None):
        super().__init__(reason)
        self.check = check


def require(condition, reason):
    if not condition:
        raise Rejected(reason)


# Those that no change of a good proof puts to the test: section 15. check_vectors.py leaves out one at a time, to see that
# a bad proof is good in all else; nobody else leaves out any.
CHECKS = {
    "range", "count", "own key", "fees",
    "work", "equation", "value in round 0", "value in round 1", "final polynomial",
}


def check(name, condition, reason, without):
    if not condition and name not in without:
        raise Rejected(reason, name)


# 1. Numbers


def root(bits):
    """The root of unity of order 2^bits."""
    return pow(1753635133440165772, 1 << (32 - bits), P)


def inverse(x):
    require(x % P != 0, "division by zero")
    return pow(x, P - 2, P)


def reverse(index, bits):
    result = 0
    for _ in range(bits):
        result, index = result << 1 | index & 1, index >> 1
    return result


class Extension:
    """K: an element is a tuple of `degree` integers, the constant first.

    The tuples of gates multiply by the same formulas, with elements of K for integers: see `Gates`.
    """

    def __init__(self, degree):
        self.degree = degree
        self.zero = (0,) * degree
        self.one = self.embed(1)

    def embed(self, x):
        return (x % P,) + (0,) * (self.degree - 1)

    def add(self, a, b):
        return tuple((x + y) % P for x, y in zip(a, b))

    def sub(self, a, b):
        return tuple((x - y) % P for x, y in zip(a, b))

    def scale(self, a, x):
        return tuple(y * x % P for y in a)

    def mul(self, a, b):
        if self.degree == 2:
            return (
                (a[0] * b[0] + 7 * a[1] * b[1]) % P,
                (a[0] * b[1] + a[1] * b[0]) % P,
            )
        c, d = a[1] * b[2] + a[2] * b[1], a[2] * b[2]
        return (
            (a[0] * b[0] + c) % P,
            (a[0] * b[1] + a[1] * b[0] + c + d) % P,
            (a[0] * b[2] + a[1] * b[1] + a[2] * b[0] + d) % P,
        )

    def power(self, a, exponent):
        result = self.one
        while exponent:
            if exponent & 1:
                result = self.mul(result, a)
            a, exponent = self.mul(a, a), exponent >> 1
        return result

    def inverse(self, a):
        require(a != self.zero, "division by zero")
        return self.power(a, P**self.degree - 2)

    def join(self, values):
        """y0 + y1 X + y2 X^2 of values in K."""
        x = (0, 1) + (0,) * (self.degree - 2)
        result = self.zero
        for value in reversed(values):
            result = self.add(self.mul(result, x), value)
        return result

    def evaluate(self, coefficients, point):
        result = self.zero
        for coefficient in reversed(coefficients):
            result = self.add(self.mul(result, point), coefficient)
        return result


# 2. Bytes


def elements(data):
    require(len(data) % 8 == 0, "not a whole number of elements")
    values = [int.from_bytes(data[i : i + 8], "little") for i in range(0, len(data), 8)]
    require(all(value < P for value in values), "an element is not canonical")
    return values


# 3. Poseidon2


def load_constants():
    with open(os.path.join(VECTORS, "poseidon2_goldilocks_plonky3.json")) as file:
        w12 = json.load(file)["w12"]
    number = lambda text: int(text, 16)
    return {
        "initial": [[number(x) for x in row] for row in w12["ext_initial"]],
        "final": [[number(x) for x in row] for row in w12["ext_final"]],
        "internal": [number(x) for x in w12["internal"]],
        "diagonal": [number(x) for x in w12["diag_m_1"]],
    }


CONSTANTS = load_constants()


def external_layer(state, add):
    """Over anything that can be added."""
    mixed = []
    for first in (0, 4, 8):
        a, b, c, d = state[first : first + 4]
        ab, cd = add(a, b), add(c, d)
        all4 = add(ab, cd)
        mixed += [
            add(add(all4, b), ab),
            add(add(all4, b), add(c, c)),
            add(add(all4, d), cd),
            add(add(all4, d), add(a, a)),
        ]
    sums = [add(add(mixed[i], mixed[4 + i]), mixed[8 + i]) for i in range(4)]
    return [add(mixed[i], sums[i % 4]) for i in range(12)]


def permute(state):
    diagonal = CONSTANTS["diagonal"]

    def external(s):
        out = []
        for first in (0, 4, 8):
            a, b, c, d = s[first : first + 4]
            t = a + b + c + d
            out += [t + a + b + b, t + b + c + c, t + c + d + d, t + d + a + a]
        sums = [out[i] + out[4 + i] + out[8 + i] for i in range(4)]
        return [(out[i] + sums[i & 3]) % P for i in range(12)]

    state = external(state)
    for row in CONSTANTS["initial"]:
        state = external([pow(x + k, 7, P) for x, k in zip(state, row)])
    for constant in CONSTANTS["internal"]:
        state[0] = pow(state[0] + constant, 7, P)
        total = sum(state)
        state = [(total + d * x) % P for d, x in zip(diagonal, state)]
    for row in CONSTANTS["final"]:
        state = external([pow(x + k, 7, P) for x, k in zip(state, row)])
    return state


# 4. Hashes and Merkle trees


def tag(text):
    return int.from_bytes(text.encode("ascii"), "little")


def hash_elements(name, values):
    state = [0] * 8 + [tag(name), len(values), 0, 0]
    for first in range(0, max(1, len(values)), 8):
        run = values[first : first + 8]
        state[: len(run)] = run
        state = permute(state)
    return state[:4]


def compress(left, right):
    return permute(list(left) + list(right) + [0] * 4)[:4]


def check_path(row, index, path, cap, where):
    node = hash_elements("mleaf", row)
    for sibling in path:
        node = compress(sibling, node) if index & 1 else compress(node, sibling)
        index >>= 1
    require(cap[index] == node, f"{where}: the path does not lead to the cap")


# 5. Transcript


class Transcript:
    def __init__(self, parameter_count):
        self.state = [0] * 8 + [tag("plonk"), VERSION, parameter_count, 0]
        self.pending, self.squeezed = [], []

    def advance(self):
        self.state[: len(self.pending)] = self.pending
        self.pending = []
        self.state = permute(self.state)
        self.squeezed = self.state[:8]

    def absorb(self, values):
        for value in values:
            self.squeezed = []
            self.pending.append(value)
            if len(self.pending) == 8:
                self.advance()

    def draw(self):
        if self.pending or not self.squeezed:
            self.advance()
        return self.squeezed.pop(0)

    def draw_extension(self, degree):
        return tuple(self.draw() for _ in range(degree))


# 6. Profiles


class Profile:
    def __init__(self, parameters):
        self.parameters = parameters
        (self.E, self.d, self.r, self.c, self.a, self.f, self.q, self.w) = parameters[:8]
        self.D = self.d + self.r
        self.R = max(0, -((self.f - self.d) // self.a))
        self.final_count = 1 << (self.d - self.a * self.R)
        self.columns = [85, 135, 10 * self.E, 8 * self.E]

    def domain_bits(self, round_):
        return self.D - self.a * round_

    def cap_count(self, leaf_bits):
        return 1 << min(leaf_bits, self.c)

    def path_length(self, leaf_bits):
        return max(0, leaf_bits - self.c)


PROFILES = {
    "fast": [2, 13, 3, 4, 4, 5, 28, 16, 320, 256, 9, 80],
    "proven100": [3, 14, 3, 4, 4, 6, 54, 20, 320, 256, 9, 80],
    "tiny": [2, 11, 3, 1, 4, 3, 3, 0, 320, 256, 9, 80],
}

# 7. Keys

GROUPS = [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10], [11]]


def shape_digest(profile, public_input_count):
    groups = [number for group in GROUPS for number in [len(group)] + group]
    return hash_elements(
        "shape",
        [VERSION, 135, 80, 2, 9, 8, public_input_count, len(groups)] + groups + profile.parameters,
    )


class Key:
    def __init__(self, data, profile):
        values = elements(data)
        count = profile.cap_count(profile.D)
        require(len(values) == 1 + 4 * count, "a key of another size")
        self.public_input_count = values[0]
        self.cap = [values[1 + 4 * i : 5 + 4 * i] for i in range(count)]
        self.digest = hash_elements(
            "verkey", shape_digest(profile, self.public_input_count) + values[1:]
        )


# 8. Layout of a proof


class Proof:
    def __init__(self, data, profile):
        self.values = elements(data)
        self.position = 0
        E = profile.E
        cap_count = profile.cap_count(profile.D)
        self.caps = [self.digests(cap_count) for _ in range(3)]
        self.openings = [self.extensions(sum(profile.columns), E), self.extensions(E, E)]
        self.round_caps = [
            self.digests(profile.cap_count(profile.domain_bits(t) - profile.a))
            for t in range(profile.R)
        ]
        self.final = self.extensions(profile.final_count, E)
        self.nonce = self.take(1)[0]
        self.queries = []
        for _ in range(profile.q):
            rows = [
                (self.take(count), self.digests(profile.path_length(profile.D)))
                for count in profile.columns
            ]
            rounds = [
                (
                    self.extensions(1 << profile.a, E),
                    self.digests(profile.path_length(profile.domain_bits(t) - profile.a)),
                )
                for t in range(profile.R)
            ]
            self.queries.append((rows, rounds))
        require(self.position == len(self.values), "bytes after the proof")

    def take(self, count):
        require(self.position + count <= len(self.values), "the proof is too short")
        self.position += count
        return self.values[self.position - count : self.position]

    def digests(self, count):
        return [self.take(4) for _ in range(count)]

    def extensions(self, count, degree):
        return [tuple(self.take(degree)) for _ in range(count)]


def flat(groups):
    return [value for group in groups for value in group]


# 9. Challenges


class Challenges:
    def __init__(self, proof, key, public_inputs_hash, profile):
        E = profile.E
        transcript = Transcript(len(profile.parameters))
        transcript.absorb(profile.parameters)
        transcript.absorb(key.digest)
        transcript.absorb(public_inputs_hash)
        transcript.absorb(flat(proof.caps[0]))
        self.beta = transcript.draw_extension(E)
        self.gamma = transcript.draw_extension(E)
        transcript.absorb(flat(proof.caps[1]))
        self.alpha = transcript.draw_extension(E)
        transcript.absorb(flat(proof.caps[2]))
        self.zeta = transcript.draw_extension(E)
        transcript.absorb(flat(proof.openings[0]))
        transcript.absorb(flat(proof.openings[1]))
        self.delta = transcript.draw_extension(E)
        self.foldings = []
        for cap in proof.round_caps:
            transcript.absorb(flat(cap))
            self.foldings.append(transcript.draw_extension(E))
        transcript.absorb(flat(proof.final))
        transcript.absorb([proof.nonce])
        self.work = transcript.draw()
        self.queries = [transcript.draw() for _ in range(profile.q)]


# 10. Constraints


class Gates:
    """The expressions of each gate; wires, constants and the public inputs' digest are elements of K."""

    def __init__(self, K, degree, wires, constants, public_inputs_hash):
        self.K, self.E = K, degree
        self.w, self.k, self.h = wires, constants, public_inputs_hash

    # Tuples of E elements of K.

    def tuple_at(self, first):
        return self.w[first : first + self.E]

    def tuple_add(self, a, b):
        return [self.K.add(x, y) for x, y in zip(a, b)]

    def tuple_sub(self, a, b):
        return [self.K.sub(x, y) for x, y in zip(a, b)]

    def tuple_times(self, a, x):
        return [self.K.mul(y, x) for y in a]

    def tuple_scale(self, a, number):
        return [self.K.scale(y, number) for y in a]

    def tuple_mul(self, a, b):
        add, mul = self.K.add, self.K.mul
        if self.E == 2:
            return [
                add(mul(a[0], b[0]), self.K.scale(mul(a[1], b[1]), 7)),
                add(mul(a[0], b[1]), mul(a[1], b[0])),
            ]
        c, d = add(mul(a[1], b[2]), mul(a[2], b[1])), mul(a[2], b[2])
        return [
            add(mul(a[0], b[0]), c),
            add(add(mul(a[0], b[1]), mul(a[1], b[0])), add(c, d)),
            add(add(mul(a[0], b[2]), mul(a[1], b[1])), add(mul(a[2], b[0]), d)),
        ]

    def boolean(self, wire):
        return self.K.sub(self.K.mul(wire, wire), wire)

    def constraints(self, number):
        return {
            1: lambda: [],
            2: self.constant,
            3: self.public_input,
            4: self.base_sum,
            5: self.arithmetic,
            6: self.extension_arithmetic,
            7: self.reducing_base,
            8: self.reducing_extension,
            9: self.random_access,
            10: self.coset_interpolation,
            11: self.poseidon2,
        }[number]()

    def constant(self):
        return [self.K.sub(self.w[i], self.k[i]) for i in range(2)]

    def public_input(self):
        return [self.K.sub(self.w[i], self.h[i]) for i in range(4)]

    def base_sum(self):
        total = self.K.zero
        for i in range(63):
            total = self.K.add(total, self.K.scale(self.w[1 + i], 1 << i))
        return [self.K.sub(total, self.w[0])] + [self.boolean(self.w[1 + i]) for i in range(63)]

    def arithmetic(self):
        K, w = self.K, self.w
        result = []
        for t in range(20):
            product = K.mul(self.k[0], K.mul(w[4 * t], w[4 * t + 1]))
            addend = K.mul(self.k[1], w[4 * t + 2])
            result.append(K.sub(K.add(product, addend), w[4 * t + 3]))
        return result

    def extension_arithmetic(self):
        result = []
        for t in range(10 if self.E == 2 else 6):
            b = 4 * self.E * t
            x, y, z, out = (self.tuple_at(b + i * self.E) for i in range(4))
            product = self.tuple_times(self.tuple_mul(x, y), self.k[0])
            result += self.tuple_sub(
                self.tuple_add(product, self.tuple_times(z, self.k[1])), out
            )
        return result

    def reducing(self, coefficients, first_sum):
        runs = [coefficients[i : i + 4] for i in range(0, len(coefficients), 4)]
        alpha = self.tuple_at(self.E)
        result, before = [], self.tuple_at(2 * self.E)
        for t, run in enumerate(runs):
            value = before
            for coefficient in run:
                value = self.tuple_add(self.tuple_mul(value, alpha), coefficient)
            after = self.tuple_at(0 if t + 1 == len(runs) else first_sum + t * self.E)
            result += self.tuple_sub(value, after)
            before = after
        return result

    def reducing_base(self):
        zeros = [self.K.zero] * (self.E - 1)
        return self.reducing([[self.w[i]] + zeros for i in range(3 * self.E, 80)], 80)

    def reducing_extension(self):
        E = self.E
        m = 37 if E == 2 else 23
        return self.reducing([self.tuple_at(3 * E + i * E) for i in range(m)], 3 * E + m * E)

    def select(self, items):
        for bit in self.w[:4]:
            items = [
                self.K.add(low, self.K.mul(bit, self.K.sub(high, low)))
                for low, high in zip(items[0::2], items[1::2])
            ]
        return items[0]

    def random_access(self):
        result = [self.boolean(self.w[i]) for i in range(4)]
        for l in range(4):
            item = self.select([self.w[8 + 4 * x + l] for x in range(16)])
            result.append(self.K.sub(item, self.w[4 + l]))
        return result

    def coset_interpolation(self):
        E = self.E
        values = [self.tuple_at(5 + 3 * E + i * E) for i in range(16)]
        powers = [self.tuple_at(5 + 19 * E + j * E) for j in range(4)]
        result = [self.boolean(self.w[i]) for i in range(4)]
        for e in range(E):
            claimed = self.select([value[e] for value in values])
            result.append(self.K.sub(claimed, self.w[5 + E + e]))
        result += self.tuple_sub(self.tuple_times(powers[0], self.w[4]), self.tuple_at(5))
        for j in (1, 2, 3):
            result += self.tuple_sub(self.tuple_mul(powers[j - 1], powers[j - 1]), powers[j])
        half = inverse(2)
        factors = [inverse(2 * pow(root(4), reverse(i, 3), P)) for i in range(8)]
        for power in powers:
            values = [
                self.tuple_add(
                    self.tuple_scale(self.tuple_add(x, y), half),
                    self.tuple_scale(
                        self.tuple_mul(power, self.tuple_sub(x, y)), factors[i]
                    ),
                )
                for i, (x, y) in enumerate(zip(values[0::2], values[1::2]))
            ]
        return result + self.tuple_sub(values[0], self.tuple_at(5 + 2 * E))

    def poseidon2(self):
        K, w = self.K, self.w
        result = [self.boolean(w[24])]
        for i in range(4):
            result.append(K.sub(K.mul(w[24], K.sub(w[4 + i], w[i])), w[25 + i]))
        state = [K.add(w[i], w[25 + i]) for i in range(4)]
        state += [K.sub(w[i], w[21 + i]) for i in range(4, 8)] + w[8:12]
        next_wire = 29

        def seventh(x, has_wire):
            nonlocal next_wire
            if has_wire:
                result.append(K.sub(x, w[next_wire]))
                x = w[next_wire]
                next_wire += 1
            return K.power(x, 7)

        def full(state, constants, has_wires):
            state = [
                seventh(K.add(x, K.embed(constant)), has_wires)
                for x, constant in zip(state, constants)
            ]
            return external_layer(state, K.add)

        state = external_layer(state, K.add)
        for number, row in enumerate(CONSTANTS["initial"]):
            state = full(state, row, number > 0)
        for constant in CONSTANTS["internal"]:
            state[0] = seventh(K.add(state[0], K.embed(constant)), True)
            total = K.zero
            for x in state:
                total = K.add(total, x)
            state = [K.add(total, K.scale(x, d)) for x, d in zip(state, CONSTANTS["diagonal"])]
        for row in CONSTANTS["final"]:
            state = full(state, row, True)
        return result + [K.sub(state[i], w[12 + i]) for i in range(12)]


def constraint_terms(proof, challenges, public_inputs_hash, profile):
    """L0 (Z - 1) and the copies; then (filter, expressions) of every gate: all at zeta."""
    K, E, zeta = Extension(profile.E), profile.E, challenges.zeta
    vanishing = K.sub(K.power(zeta, 1 << profile.d), K.one)
    require(vanishing != K.zero, "zeta is a point of the rows")
    denominator = K.scale(K.sub(zeta, K.one), 1 << profile.d)
    first_lagrange = K.mul(vanishing, K.inverse(denominator))

    opened = proof.openings[0]
    constants, wires = opened[:85], opened[85:220]
    selectors, row_constants, sigmas = constants[:3], constants[3:5], constants[5:]
    products = joined(K, opened[220 : 220 + 10 * E]) + joined(K, proof.openings[1])

    copies = [K.mul(first_lagrange, K.sub(products[0], K.one))]
    for t in range(10):
        numerator, denominator = products[t], products[t + 1]
        for j in range(8 * t, 8 * t + 8):
            shifted = K.add(wires[j], challenges.gamma)
            label = K.scale(zeta, pow(7, j, P))
            numerator = K.mul(numerator, K.add(shifted, K.mul(challenges.beta, label)))
            denominator = K.mul(denominator, K.add(shifted, K.mul(challenges.beta, sigmas[j])))
        copies.append(K.sub(numerator, denominator))

    gates, filtered = Gates(K, E, wires, row_constants, [K.embed(x) for x in public_inputs_hash]), []
    for group, selector in zip(GROUPS, selectors):
        for number in group:
            value = selector
            for other in group:
                if other != number:
                    value = K.mul(value, K.sub(selector, K.embed(other)))
            filtered.append((value, gates.constraints(number)))
    return copies, filtered


def joined(K, values):
    return [K.join(values[i : i + K.degree]) for i in range(0, len(values), K.degree)]


def check_constraints(proof, challenges, public_inputs_hash, profile, without):
    K, E, alpha = Extension(profile.E), profile.E, challenges.alpha
    copies, gates = constraint_terms(proof, challenges, public_inputs_hash, profile)
    total = K.evaluate(copies, alpha)
    for value, expressions in gates:
        combined = K.mul(K.power(alpha, 11), K.evaluate(expressions, alpha))
        total = K.add(total, K.mul(value, combined))
    at_rows = K.power(challenges.zeta, 1 << profile.d)
    quotient = K.evaluate(joined(K, proof.openings[0][220 + 10 * E :]), at_rows)
    agree = total == K.mul(K.sub(at_rows, K.one), quotient)
    check("equation", agree, "the constraints are broken", without)


# 11. Openings


class Batch:
    """One opening point: the weighted sum of quotients."""

    def __init__(self, K, delta, first_power, openings, point):
        self.K, self.point = K, point
        self.weights = [K.power(delta, first_power)]
        while len(self.weights) < len(openings):
            self.weights.append(K.mul(self.weights[-1], delta))
        self.claim = K.zero
        for weight, opening in zip(self.weights, openings):
            self.claim = K.add(self.claim, K.mul(weight, opening))

    def value(self, row, x):
        K = self.K
        total = tuple(
            sum(weight[e] * value for weight, value in zip(self.weights, row)) % P
            for e in range(K.degree)
        )
        distance = K.sub(K.embed(x), self.point)
        require(distance != K.zero, "a query is at an opening point")
        return K.mul(K.sub(total, self.claim), K.inverse(distance))


def fold(K, values, start, generator, challenge):
    while len(values) > 1:
        bits = len(values).bit_length() - 2
        halved = []
        for j in range(len(values) // 2):
            x, y = values[2 * j], values[2 * j + 1]
            factor = inverse(2 * start * pow(generator, reverse(j, bits), P))
            even = K.scale(K.add(x, y), inverse(2))
            odd = K.mul(challenge, K.scale(K.sub(x, y), factor))
            halved.append(K.add(even, odd))
        values = halved
        start, generator = start * start % P, generator * generator % P
        challenge = K.mul(challenge, challenge)
    return values[0]


def check_openings(proof, challenges, key, profile, without):
    K, E, a, D = Extension(profile.E), profile.E, profile.a, profile.D
    check("work", challenges.work % (1 << profile.w) == 0, "the work is missing", without)
    caps = [key.cap] + proof.caps
    first = Batch(K, challenges.delta, 0, proof.openings[0], challenges.zeta)
    next_point = K.scale(challenges.zeta, root(profile.d))
    second = Batch(K, challenges.delta, len(proof.openings[0]), proof.openings[1], next_point)
    for number, (element, (rows, rounds)) in enumerate(zip(challenges.queries, proof.queries)):
        index = element % (1 << D)
        for oracle, ((row, path), cap) in enumerate(zip(rows, caps)):
            check_path(row, index, path, cap, f"query {number}, oracle {oracle}")
        x = 7 * pow(root(D), reverse(index, D), P) % P
        value = first.value(flat(row for row, _ in rows), x)
        value = K.add(value, second.value(rows[2][0][:E], x))
        shift = 7
        for t, (values, path) in enumerate(rounds):
            reason = f"query {number}, round {t}: another value than the one so far"
            check(f"value in round {t}", values[index % (1 << a)] == value, reason, without)
            index >>= a
            check_path(flat(values), index, path, proof.round_caps[t], f"query {number}, round {t}")
            bits = profile.domain_bits(t)
            start = shift * pow(root(bits), reverse(index, bits - a), P) % P
            value = fold(K, values, start, root(a), challenges.foldings[t])
            shift = pow(shift, 1 << a, P)
        bits = profile.domain_bits(profile.R)
        point = shift * pow(root(bits), reverse(index, bits), P) % P
        reason = f"query {number}: the final polynomial has another value"
        agree = K.evaluate(proof.final, K.embed(point)) == value
        check("final polynomial", agree, reason, without)


def verify(proof_bytes, public_inputs, key, profile, without=()):
    """Sections 8 to 11, under a given key: returns the challenges, or raises Rejected."""
    require(len(public_inputs) == key.public_input_count, "another number of public inputs")
    require(all(0 <= x < P for x in public_inputs), "a public input is not canonical")
    proof = Proof(proof_bytes, profile)
    public_inputs_hash = hash_elements("pubin", public_inputs)
    challenges = Challenges(proof, key, public_inputs_hash, profile)
    check_constraints(proof, challenges, public_inputs_hash, profile, without)
    check_openings(proof, challenges, key, profile, without)
    return challenges


# 13. Which key


def pick_key(public_inputs, leaf_key, merge_key, without=()):
    """The key under which a node is to be verified, or raises Rejected."""
    for key in (leaf_key, merge_key):
        require(key.public_input_count == 31, "a key that is no node's")
    require(len(public_inputs) == 31, "a node has 31 public inputs")
    require(all(0 <= x < P for x in public_inputs), "a public input is not canonical")
    own_key, first, count = public_inputs[27:31], public_inputs[4], public_inputs[5]
    in_range = count <= 1 << 16 and first <= (1 << 16) - count
    check("range", in_range, "the range is out of bounds", without)
    check("fees", public_inputs[26] < 1 << 62, "the fee sum is out of bounds", without)
    if own_key == [0, 0, 0, 0]:
        check("count", count == 1, "a leaf's key for more than a leaf", without)
        return leaf_key
    check("own key", own_key == merge_key.digest, "an unknown own key", without)
    check("count", count >= 2, "a merge's key for a leaf", without)
    return merge_key


def main():
    parser = argparse.ArgumentParser(
        description="Verifies the two proofs that a file like Tests/Vectors/proof-format/fast.json names."
    )
    parser.add_argument("file", help="PROFILE.json; its README says what is in it")
    path = parser.parse_args().file
    with open(path) as file:
        vectors = json.load(file)
    parameters = PROFILES.get(vectors["profile"])
    if parameters is None:
        parser.error(f"{path}: no profile is called {vectors['profile']}")
    profile = Profile(parameters)
    name = "keys"
    try:
        leaf_key, merge_key = (
            Key(bytes.fromhex(vectors[kind]["bytes"]), profile) for kind in ("leafKey", "mergeKey")
        )
        for name in ("leaf", "merge"):
            public_inputs = [int(text, 16) for text in vectors[name]["publicInputs"]]
            with open(os.path.join(os.path.dirname(path), vectors[name]["file"]), "rb") as file:
                proof_bytes = file.read()
            key = pick_key(public_inputs, leaf_key, merge_key)
            verify(proof_bytes, public_inputs, key, profile)
            print(f"{vectors[name]['file']}: proven")
    except Rejected as reason:
        print(f"{path}: {name}: rejected: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
