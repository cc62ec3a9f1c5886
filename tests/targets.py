"""Every target against hostile text, read by the parsers of others.

A rule set is built from an example, and every word that an author could have written in it is made
hostile: names, titles, owners, reasons, messages, queries. The law: what comes out has the same
structure as with harmless words, read by a parser that is not ours. Nothing runs, nothing is added,
no file is written elsewhere, and no character steers a terminal or turns a line around.

usage: targets.py RBP EXAMPLE DAY
"""

import csv
import hashlib
import html.parser
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import icalendar
import markdown_it
import yaml

HARMLESS = "plain words "
HOSTILE = {
    "quotes": "\"'`",
    "templates": "{{ .Labels }} {{ template \"x\" }} {{{ }}} ${x} {% x %}",
    "a script": "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "an end of a style": "</style></title></svg><svg onload=alert(1)>",
    "a comment and CDATA": "--><!-- ]]> <![CDATA[ <?x ?> &amp; &#60; &lt;",
    "an attribute": "\" onmouseover=\"alert(1)\" x=\"",
    "a terminal": "\x1b[31mred\x1b]0;title\x07\x9b2J\x08\x7f",
    "bidi": "\u202eevil\u2066\u2069\u200f\u061c",
    "lines": "one\ntwo\r\nthree\rfour\u2028five\u2029six\x0bseven\x0c\x85eight\t",
    "nul": "nul\x00nul",
    "PromQL": "\"} or vector(1) or up{a=\"",
    "PromQL query": "up) or (vector(1)",
    "a word of PromQL": "group_left < 1",
    "a name beside a name": "a{__name__=\"b\"} < 1",
    "a query of what is absent": "absent(a) == 1",
    "Rego": "\"\ndefault allow := true\nallow if { true } #",
    "a formula": "=HYPERLINK(\"http://evil.example\",\"x\")",
    "another formula": "+1+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "minus": "-2+3",
    "Markdown": "# x\n- [a](javascript:alert(1)) ![b](http://evil.example) *c* _d_ | e | ~~f~~ `g` ```h``` <b>",
    "mentions and links": "@everyone http://evil.example www.evil.example #1 !1 evil@evil.example",
    "a table": "a | b |\n|---|---|\n| c",
    "DOT": "\"]; evil [label=<<b>x</b>>]; x -> y [\\N \\G \\\" \\",
    "Mermaid": "\"]; click n0 \"javascript:alert(1)\" %%{init: {}}%% end --> subgraph x",
    "iCalendar": "x;y,z\\n\nEND:VEVENT\nBEGIN:VEVENT\nATTACH:http://evil.example",
    "YAML": "x: y # z\n- &a *a !!python/object:os.system [ { ' \" | >",
    "paths": "../../etc/passwd",
    "a device": "/dev/null",
    "long": "long " * 2000,
    "other scripts": "日本語 ‏עברית 🏥 e\u0301 \ufeff\ufffe",
}

# What an author writes, by the name of the field: single texts, and lists of them.
TEXTS = {
    "id", "title", "owner", "because", "by", "message", "query", "name", "written", "evidence", "subject",
    "primary", "target", "element", "action", "degraded", "how", "signal", "backup", "function", "of_kind",
    "unit", "data", "version", "policy", "resupplied_by", "package", "readiness", "rule", "component", "step",
}
LISTS = {
    "of", "protects", "via", "steps", "instructions", "functions", "on", "proves", "tags", "kinds",
    "controlled_by", "each_of", "by", "agreed_by", "independent_of", "diverse_by",
}


def made(value, evil, key=""):
    """The value with every word of an author's made hostile, equal ones alike."""
    if isinstance(value, dict):
        return {k: made(v, evil, k) for k, v in value.items()}
    if isinstance(value, list):
        of_texts = key in LISTS and all(isinstance(v, str) for v in value)
        return [evil + v if of_texts else made(v, evil, key) for v in value]
    # An unknown name is an empty text, which no author wrote.
    if value and isinstance(value, str) and key in TEXTS:
        return evil + value
    return value


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        # A backtick in a message begins a name; where it stands is the author's.
        if tag != "code":
            self.found.append((tag, tuple(sorted(name for name, _ in attrs))))

    def handle_endtag(self, tag):
        if tag != "code":
            self.found.append("/" + tag)

    def handle_comment(self, data):
        self.found.append("comment")

    def handle_pi(self, data):
        self.found.append("pi")


def of_html(text):
    tags = Tags()
    tags.feed(text)
    tags.close()
    names = {tag[0] for tag in tags.found if isinstance(tag, tuple)}
    assert not names & {"script", "iframe", "img", "object", "embed", "link", "base", "form"}, names
    return tags.found


def of_svg(text):
    return [(node.tag, tuple(sorted(node.attrib))) for node in xml.fromstring(text).iter()]


def of_csv(text):
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")), cell
    return [len(row) for row in rows]


def of_ics(text):
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "a line is too long"
    assert "\n" not in text.replace("\r\n", ""), "a bare line feed"
    calendar = icalendar.Calendar.from_ical(text)
    for part in calendar.walk("VEVENT"):
        part["UID"], part["SUMMARY"], part.decoded("DTSTART"), part.decoded("DTSTAMP")
    return [(part.name, sorted(part.keys())) for part in calendar.walk()]


def of_yaml(text):
    def shape(value):
        if isinstance(value, dict):
            return {k: shape(v) for k, v in value.items()}
        if isinstance(value, list):
            return [shape(v) for v in value]
        return type(value).__name__

    return shape(yaml.safe_load(text))


def of_markdown(text):
    read = markdown_it.MarkdownIt("gfm-like", {"linkify": True, "html": True})

    def kinds(tokens):
        for token in tokens:
            # A comment of ours parts what code hosts would look for.
            if token.type == "html_inline" and token.content == "<!-- -->":
                continue
            if token.type not in ("text", "inline", "softbreak"):
                yield token.type
            yield from kinds(token.children or [])

    return list(kinds(read.parse(text)))


def of_dot(text):
    drawn = subprocess.run(["dot", "-Tplain"], input=text, capture_output=True, text=True)
    assert drawn.returncode == 0 and not drawn.stderr, drawn.stderr
    # A label with a line break in it is none of ours; two lines of a label are one word here.
    return sorted(line.split(" ")[0] for line in drawn.stdout.splitlines() if line[:5] in ("node ", "edge "))


NODE = r'  n\d+(\(\["[^"]*"\]\)|\["[^"]*"\])(:::\w+)?'
LINK = r'  n\d+ (-->|-\.->|==>)(\|("[^"]*"|backup)\|)? n\d+'


def of_mermaid(text):
    lines = text.splitlines()
    for line in lines:
        fits = re.fullmatch(rf"flowchart LR|{NODE}|{LINK}|  classDef [\w\s:#,.-]+", line)
        assert fits, line
        for label in re.findall(r'"([^"]*)"', line):
            assert not re.search(r"[<>`&{}\[\]]", re.sub(r"#\d+;", "", label)), line
    return [re.sub(r'"[^"]*"', "", line) for line in lines]


READERS = {
    ".html": of_html, ".svg": of_svg, ".csv": of_csv, ".ics": of_ics, ".yml": of_yaml, ".md": of_markdown,
    ".dot": of_dot, ".mmd": of_mermaid,
}
STEERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029]")


def structures(folder):
    """The structure of every file, by its kind, in the order of their sizes where names differ."""
    found = {}
    for at, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(at, name)
            inside = os.path.relpath(at, folder)
            with open(path, encoding="utf-8", newline="") as file:
                text = file.read()
            assert not STEERS.search(text), f"{path}: a character that steers or turns"
            ending = os.path.splitext(name)[1]
            if ending == ".json" and inside == ".":
                continue
            read = READERS.get(ending)
            if read:
                found.setdefault((inside, ending), []).append(read(text))
            else:
                found.setdefault((inside, ending), []).append("file")
    return found


def run(*command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def sealed(rules):
    """The rule set with the digest of what stands in it: what bears another one is not read."""
    rules = {key: value for key, value in rules.items() if key != "digest"}
    text = json.dumps(rules, ensure_ascii=False, separators=(",", ":"))
    return {**rules, "digest": hashlib.sha256(text.encode()).hexdigest()}


def outputs(rbp, rules, before, folder):
    """Everything that is made of a rule set, in a folder."""
    os.makedirs(folder)
    with open(os.path.join(folder, "rules.json"), "w", encoding="utf-8") as file:
        json.dump(sealed(rules), file)
    run(rbp, "build", "rules.json", "--target", "all", "-o", "out", "--allow-unverified", folder=folder)
    run(rbp, "report", "rules.json", "-o", "out/report.html", folder=folder)
    for form, ending in (("svg", "svg"), ("dot", "dot"), ("mermaid", "mmd")):
        run(rbp, "graph", "-p", "rules.json", "--format", form, "-o", f"out/graph.{ending}", folder=folder)
    with open(os.path.join(folder, "out/diff.md"), "w", encoding="utf-8") as file:
        file.write(run(rbp, "diff", before, "rules.json", "--format", "markdown", folder=folder))
    assert sorted(os.listdir(folder)) == ["out", "rules.json"], os.listdir(folder)
    out = os.path.join(folder, "out")
    rules = os.path.join(out, "prometheus")
    run("promtool", "check", "rules", "rules.yml", folder=rules)
    passed = subprocess.run(
        ["promtool", "test", "rules", "tests/deadlines.yml", "tests/triggers.yml"],
        cwd=rules, capture_output=True, text=True,
    )
    assert passed.returncode == 0, passed.stdout + passed.stderr
    checked = subprocess.run(["amtool", "check-config", "alertmanager.yml"], cwd=rules, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    return out


def parted(one, other):
    """Where two texts part, with a little around it."""
    at = len(os.path.commonprefix([one, other]))
    return f"…{one[max(0, at - 60):at + 60]}… is now …{other[max(0, at - 60):at + 60]}…"


def main():
    rbp, example, day = sys.argv[1:]
    rbp, example = os.path.abspath(rbp), os.path.abspath(example)
    with tempfile.TemporaryDirectory() as work:
        whole = run(rbp, "build", example, "--as-of", day, "--allow-unverified", folder=work)
        # What is changed by hand does not stand up to the checker, and is written only as not verified.
        rules = {**json.loads(whole), "verified": False}
        before = os.path.join(work, "before.json")
        with open(before, "w", encoding="utf-8") as file:
            json.dump(sealed({**rules, "functions": [], "obligations": [], "acceptances": []}), file)
        calm = structures(outputs(rbp, made(rules, HARMLESS), before, os.path.join(work, "calm")))
        for number, (name, evil) in enumerate(HOSTILE.items()):
            found = structures(outputs(rbp, made(rules, evil), before, os.path.join(work, str(number))))
            for kind in calm.keys() | found.keys():
                was, now = (sorted(map(str, of.get(kind, []))) for of in (calm, found))
                for calmly, after in itertools.zip_longest(was, now, fillvalue="no such file"):
                    assert calmly == after, f"{name} changes the structure of {kind}: {parted(calmly, after)}"
        print(f"{os.path.basename(example)}: {len(HOSTILE)} hostile texts change nothing in {len(calm)} kinds of files")


main()
