"""Has a policy engine decide on the cases of a folder, and compares: engines.py ENGINE FOLDER [SECONDS].

After so many seconds it begins with no other rule set.
"""

import json
import math
import re
import sys
import time
from pathlib import Path


class Regopy:
    """rego-cpp, from PyPI. It ends itself on `with`, and so on the bundle's own tests."""

    tests = False

    def __init__(self, modules, data):
        import regopy

        self.engine = regopy.Interpreter()
        for name, text in modules:
            self.engine.add_module(name, text)
        self.engine.add_data(data)
        self.bundle = self.engine.build(None, ["rbp/decision"])

    def answer(self, facts):
        # As text: of an input made of objects it does not escape the quotes in texts.
        self.engine.set_input_term(json.dumps(facts))
        result = str(self.engine.query_bundle_entrypoint(self.bundle, "rbp/decision"))
        try:
            return json.loads(result)["expressions"][0]
        except ValueError:
            sys.exit(f"rego-cpp does not answer: {result[:2000]}")


class Opa:
    """OPA's own engine, from a wheel on PyPI."""

    tests = True

    def __init__(self, modules, data):
        from opa_bindings import OpaEngine

        self.engine = OpaEngine()
        for name, text in modules:
            self.engine.add_policy(name, text)
        self.engine.add_data(data)

    def passes(self, test):
        return self.engine.eval_document(f"rbp_test.{test}", {}) is True

    def answer(self, facts):
        return self.engine.eval_document("rbp.decision", facts)


def canonical(value):
    """Reasons and the like are sets: sorted by their text they can be compared."""
    if isinstance(value, dict):
        return {key: canonical(one) for key, one in value.items()}
    if isinstance(value, list):
        value = [canonical(one) for one in value]
        if all(isinstance(one, dict) and one.keys() & {"reason", "rule", "problem"} for one in value):
            texts = {json.dumps(one, sort_keys=True): one for one in value}
            value = [texts[text] for text in sorted(texts)]
    return value


def main():
    engine, folder = sys.argv[1:3]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else math.inf
    make = {"regopy": Regopy, "opa": Opa}[engine]
    count = sets = 0
    start = time.monotonic()
    for own in sorted(path.parent for path in Path(folder).glob("*/cases.json")):
        if time.monotonic() - start > seconds:
            break
        names = ["policy.rego", "policy_test.rego"] if make.tests else ["policy.rego"]
        modules = [(name, (own / "opa" / name).read_text()) for name in names]
        made = make(modules, json.loads((own / "opa/data.json").read_text()))
        # The same in every bundle; OPA compiles everything anew for each of them.
        tests = re.findall(r"^test_\w+", modules[-1][1], re.MULTILINE) if sets < 3 else []
        for name in tests:
            if not made.passes(name):
                sys.exit(f"{own}: {name} fails in {engine}")
        for case in json.loads((own / "cases.json").read_text()):
            answer = canonical(made.answer(case["facts"]))
            wanted = canonical(case["decision"])
            if answer != wanted:
                print(f"{own}: {json.dumps(case['facts'])}")
                print(f"rbp decides  {json.dumps(wanted, sort_keys=True)}")
                print(f"the engine   {json.dumps(answer, sort_keys=True)}")
                sys.exit(f"{engine} decides otherwise")
            count += 1
        sets += 1
    took = time.monotonic() - start
    print(f"{engine}: {count} fact sets of {sets} rule sets in {took:.0f} s, each decided as by rbp")


main()
