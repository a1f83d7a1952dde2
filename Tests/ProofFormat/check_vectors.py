#!/usr/bin/env python3
"""Holds verify.py against Tests/Vectors/proof-format: it accepts every proof and draws its challenges, and rejects
each with any part of it changed; and it rejects each bad proof for the check that this breaks, and for no other. Exit
code 0 if so, 1 if not."""

import argparse
import json
import os
import random
import sys
import time

import verify as spec

P = spec.P
FOLDER = os.path.join(spec.VECTORS, "proof-format")


def read_json(name):
    with open(os.path.join(FOLDER, name)) as file:
        return json.load(file)


def number(text):
    return int(text, 16)


def numbers(texts):
    return [number(text) for text in texts]


def expect(condition, what):
    if not condition:
        raise SystemExit(f"proof-format: {what}")


# The parts


def check_primitives():
    with open(os.path.join(spec.VECTORS, "poseidon2_goldilocks_plonky3.json")) as file:
        for answer in json.load(file)["w12"]["kat"]:
            expect(spec.permute(numbers(answer["in"])) == numbers(answer["out"]), "permutation")
    vectors = read_json("primitives.json")
    for entry in vectors["sponge"]:
        digest = spec.hash_elements("mleaf", list(range(1, entry["count"] + 1)))
        expect(digest == numbers(entry["digest"]), f"H of {entry['count']} elements")
    compressed = spec.compress([1, 2, 3, 4], [5, 6, 7, 8])
    expect(compressed == numbers(vectors["compression"]), "compress")
    transcript = spec.Transcript(0)
    for entry in vectors["transcript"]:
        transcript.absorb(list(range(1, entry["absorbed"] + 1)))
        drawn = [transcript.draw() for _ in entry["challenges"]]
        expect(drawn == numbers(entry["challenges"]), f"draws after {entry['absorbed']} more")
    for entry in vectors["extensions"]:
        K = spec.Extension(entry["degree"])
        left, right = tuple(numbers(entry["left"])), tuple(numbers(entry["right"]))
        expect(K.mul(left, right) == tuple(numbers(entry["product"])), "a product in K")
        expect(K.inverse(left) == tuple(numbers(entry["inverseOfLeft"])), "an inverse in K")
    check_gates(vectors["gates"])
    for gate, selectors in enumerate(vectors["selectors"], 1):
        expected = [gate if gate in group else 0 for group in spec.GROUPS]
        expect(numbers(selectors) == expected, f"selectors of gate {gate}")


def check_gates(entries):
    for entry in entries:
        K = spec.Extension(entry["extensionDegree"])
        row = [K.embed(pow(7, 1000 + i, P)) for i in range(141)]
        gates = spec.Gates(K, K.degree, row[:135], row[135:137], row[137:])
        found = gates.constraints(entry["number"])
        name = f"gate {entry['gate']} in degree {K.degree}"
        expect(len(found) == len(entry["constraints"]), f"{name}: {len(found)} constraints")
        for i, (value, text) in enumerate(zip(found, entry["constraints"])):
            expect(value == K.embed(number(text)), f"{name}: constraint {i}")


# Whole proofs


def read_keys(vectors, profile):
    keys = {}
    for kind, name in (("leafKey", "leaf_key"), ("mergeKey", "merge_key")):
        keys[name] = spec.Key(bytes.fromhex(vectors[kind]["bytes"]), profile)
        expect(keys[name].digest == numbers(vectors[kind]["digest"]), f"{vectors['profile']}: {kind}")
    return keys


def read_proof(entry):
    with open(os.path.join(FOLDER, entry["file"]), "rb") as file:
        return file.read()


class Case:
    def __init__(self, vectors, name):
        self.name = f"{vectors['profile']} {name}"
        self.profile = spec.Profile(vectors["parameters"])
        expect(
            vectors["parameters"] == spec.PROFILES[vectors["profile"]], f"{self.name}: profile"
        )
        self.keys = read_keys(vectors, self.profile)
        shape = spec.shape_digest(self.profile, 31)
        expect(shape == numbers(vectors["shapeDigest"]), f"{self.name}: shape")
        self.entry = vectors[name]
        self.inputs = numbers(self.entry["publicInputs"])
        self.key = spec.pick_key(self.inputs, **self.keys)
        self.bytes = read_proof(self.entry)

    def verify(self, data=None, inputs=None, key=None):
        return spec.verify(
            self.bytes if data is None else data,
            self.inputs if inputs is None else inputs,
            self.key if key is None else key,
            self.profile,
        )

    def accept(self):
        drawn, expected = self.verify(), self.entry["challenges"]
        for name in ("beta", "gamma", "alpha", "zeta"):
            expect(getattr(drawn, name) == tuple(numbers(expected[name])), f"{self.name}: {name}")
        expect(drawn.delta == tuple(numbers(expected["openingAlpha"])), f"{self.name}: delta")
        foldings = [tuple(numbers(folding)) for folding in expected["foldings"]]
        expect(drawn.foldings == foldings, f"{self.name}: foldings")
        expect(drawn.work == number(expected["work"]), f"{self.name}: work")
        expect(drawn.queries == numbers(expected["queries"]), f"{self.name}: queries")
        inputs_hash = spec.hash_elements("pubin", self.inputs)
        expect(inputs_hash == numbers(self.entry["publicInputsHash"]), f"{self.name}: inputs")

    def check_that_constraints_count(self):
        """None is zero at zeta: the proof would be refused by whoever left a single one out, so nobody who accepts
        the proof does. Only for merges: they alone have rows of all gates."""
        proof = spec.Proof(self.bytes, self.profile)
        inputs_hash = spec.hash_elements("pubin", self.inputs)
        challenges = spec.Challenges(proof, self.key, inputs_hash, self.profile)
        copies, gates = spec.constraint_terms(proof, challenges, inputs_hash, self.profile)
        zero = spec.Extension(self.profile.E).zero
        expect(zero not in copies, f"{self.name}: a copy constraint is zero at zeta")
        for number, (value, expressions) in enumerate(gates, 1):
            expect(value != zero, f"{self.name}: no rows of gate {number}")
            expect(zero not in expressions, f"{self.name}: a constraint of gate {number} is zero at zeta")

    def reject(self, what, **changed):
        try:
            self.verify(**changed)
        except spec.Rejected:
            return
        expect(False, f"{self.name}: accepted with {what}")

    def changed(self, position):
        """The proof with one element one higher."""
        value = int.from_bytes(self.bytes[8 * position : 8 * position + 8], "little")
        return self.with_element(position, (value + 1) % P)

    def with_element(self, position, value):
        element = value.to_bytes(8, "little")
        return self.bytes[: 8 * position] + element + self.bytes[8 * position + 8 :]

    def parts(self):
        """(name, first element, count) of every part of the proof, of the first and last query too."""
        profile, position = self.profile, 0
        E, a = profile.E, profile.a
        sizes = [(f"cap {i}", 4 * profile.cap_count(profile.D)) for i in range(3)]
        sizes += [(f"openings of oracle {i}", n * E) for i, n in enumerate(profile.columns)]
        sizes += [("openings at the next point", E * E)]
        for t in range(profile.R):
            count = profile.cap_count(profile.domain_bits(t) - a)
            sizes.append((f"cap of round {t}", 4 * count))
        sizes += [("final polynomial", profile.final_count * E), ("nonce", 1)]
        for query in range(profile.q):
            for i, count in enumerate(profile.columns):
                path = 4 * profile.path_length(profile.D)
                sizes += [(f"query {query} row {i}", count), (f"query {query} path {i}", path)]
            for t in range(profile.R):
                path = 4 * profile.path_length(profile.domain_bits(t) - a)
                sizes += [(f"query {query} values {t}", E << a)]
                sizes += [(f"query {query} path of round {t}", path)]
        for name, count in sizes:
            yield name, position, count
            position += count
        expect(8 * position == len(self.bytes), f"{self.name}: {position} elements")

    def reject_all(self, generator, queries):
        """One random element of each part; of the queries, those in `queries`."""
        for name, first, count in self.parts():
            if name.startswith("query") and int(name.split()[1]) not in queries or count == 0:
                continue
            position = first + generator.randrange(count)
            self.reject(f"another element {position}, in {name}", data=self.changed(position))
        for i in range(len(self.inputs)):
            inputs = list(self.inputs)
            inputs[i] = (inputs[i] + 1) % P
            self.reject(f"another public input {i}", inputs=inputs)
        self.reject("a public input less", inputs=self.inputs[:-1])
        other = self.keys["merge_key" if self.key is self.keys["leaf_key"] else "leaf_key"]
        self.reject("the other key", key=other)
        self.reject("an element less", data=self.bytes[:-8])
        self.reject("a byte less", data=self.bytes[:-1])
        self.reject("an element more", data=self.bytes + bytes(8))
        self.reject("no bytes", data=b"")
        for position in (0, len(self.bytes) // 16, len(self.bytes) // 8 - 1):
            value = int.from_bytes(self.bytes[8 * position : 8 * position + 8], "little")
            wrapped = self.with_element(position, value + P if value + P < 2**64 else P)
            self.reject("an element that is not canonical", data=wrapped)


# Bad proofs


def check_bad(profile_name):
    """Each is rejected by the check that it breaks; a verifier without that one would take it."""
    profile = spec.Profile(spec.PROFILES[profile_name])
    keys = read_keys(read_json(f"{profile_name}.json"), profile)
    for entry in read_json("bad.json")["proofs"]:
        if entry["profile"] != profile_name:
            continue
        start = time.time()
        name, broken, inputs = entry["file"], entry["breaks"], numbers(entry["publicInputs"])
        expect(broken in spec.CHECKS, f"{name}: no check is called {broken}")
        key = keys["leaf_key" if entry["key"] == "leafKey" else "merge_key"]
        proof = read_proof(entry)

        def verify(without):
            picked = spec.pick_key(inputs, without=without, **keys)
            expect(picked is key or "count" in without, f"{name}: the other key")
            spec.verify(proof, inputs, key, profile, without)

        try:
            verify(())
            expect(False, f"{name}: accepted")
        except spec.Rejected as reason:
            expect(reason.check == broken, f"{name}: rejected for {reason}, not for the {broken}")
        try:
            verify({broken})
        except spec.Rejected as reason:
            expect(False, f"{name}: rejected without the check of the {broken}, too: {reason}")
        print(f"{name}: rejected for the {broken} alone, in {time.time() - start:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profiles", nargs="*", help="tiny, fast, proven100 (default: all)")
    parser.add_argument("--seed", type=int, default=1, help="of which elements are changed")
    arguments = parser.parse_args()
    unknown = set(arguments.profiles) - set(spec.PROFILES)
    if unknown:
        parser.error(f"no profile is called {', '.join(sorted(unknown))}")
    generator = random.Random(arguments.seed)
    check_primitives()
    print("primitives: agree")
    for name in arguments.profiles or ["tiny", "fast", "proven100"]:
        vectors = read_json(f"{name}.json")
        for kind in ("leaf", "merge"):
            case = Case(vectors, kind)
            start = time.time()
            case.accept()
            if kind == "merge":
                case.check_that_constraints_count()
            verified = time.time()
            # A change in the last query takes a whole verification to find.
            queries = {0, case.profile.q - 1} if name == "tiny" else {case.profile.q // 2}
            case.reject_all(generator, queries)
            print(
                f"{case.name}: accepted in {verified - start:.1f} s; "
                f"every change rejected in {time.time() - verified:.1f} s"
            )
        check_bad(name)


if __name__ == "__main__":
    main()
