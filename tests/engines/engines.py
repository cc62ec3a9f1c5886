"""Has a policy engine decide on the cases of a folder, and compares: engines.py ENGINE FOLDER."""

import json
import sys
from pathlib import Path


class Regopy:
    """rego-cpp, from PyPI."""

    def __init__(self, modules, data):
        import regopy

        self.engine = regopy.Interpreter()
        for name, text in modules:
            self.engine.add_module(name, text)
        self.engine.add_data(data)

    def answer(self, query, facts):
        self.engine.set_input(facts)
        result = json.loads(str(self.engine.query(query)))
        return result["expressions"][0]


class Opa:
    """OPA's own engine, from a wheel on PyPI."""

    def __init__(self, modules, data):
        from opa_bindings import OpaEngine

        self.engine = OpaEngine()
        for name, text in modules:
            self.engine.add_policy(name, text)
        self.engine.add_data(data)

    def answer(self, query, facts):
        return self.engine.eval_document(query.removeprefix("data."), facts)


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
    most = int(sys.argv[3]) if len(sys.argv) > 3 else None
    make = {"regopy": Regopy, "opa": Opa}[engine]
    count = sets = 0
    for own in sorted(path.parent for path in Path(folder).glob("*/cases.json")):
        modules = [("policy.rego", (own / "opa/policy.rego").read_text())]
        made = make(modules, json.loads((own / "opa/data.json").read_text()))
        for case in json.loads((own / "cases.json").read_text())[:most]:
            answer = canonical(made.answer("data.rbp.decision", case["facts"]))
            wanted = canonical(case["decision"])
            if answer != wanted:
                print(f"{own}: {json.dumps(case['facts'])}")
                print(f"rbp decides  {json.dumps(wanted, sort_keys=True)}")
                print(f"the engine   {json.dumps(answer, sort_keys=True)}")
                sys.exit(f"{engine} decides otherwise")
            count += 1
        sets += 1
    print(f"{engine}: {count} fact sets of {sets} rule sets, each decided as by rbp")


main()
