"""Holds a report against narrow and wide screens, in Chromium: nothing but what scrolls by itself may be wider.

    widths.py FILE …
"""

import html
import re
import subprocess
import sys
import tempfile

WIDTHS = (390, 700, 1280)

# A window is never as narrow as a phone; a frame is. The script is the frame's parent's, since a report allows none.
PAGE = """<!doctype html><body>{frames}<p id="found"></p><script>
onload = () => found.textContent = [...document.querySelectorAll("iframe")].map(frame => {{
  const page = frame.contentDocument, root = page.documentElement;
  const out = [...page.querySelectorAll("body *")].filter(e => !e.closest(".scroll, svg, .said")
    && e.getBoundingClientRect().right > root.clientWidth + 1);
  return `${{frame.width}} ${{root.scrollWidth}}/${{root.clientWidth}} ${{out.slice(0, 3).map(e => e.tagName + "." + e.className)}}`;
}}).join("; ");
</script>"""


def main():
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            report = html.escape(file.read())
        frames = "".join(f'<iframe width="{width}" height="900" srcdoc="{report}"></iframe>' for width in WIDTHS)
        with tempfile.TemporaryDirectory() as folder:
            page = f"{folder}/page.html"
            with open(page, "w", encoding="utf-8") as file:
                file.write(PAGE.format(frames=frames))
            command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/user"]
            done = subprocess.run(
                [*command, "--virtual-time-budget=20000", "--dump-dom", f"file://{page}"],
                capture_output=True, text=True, timeout=120, check=True,
            )
        found = html.unescape(re.search(r'<p id="found">(.*?)</p>', done.stdout, re.S)[1])
        measured = re.findall(r"(\d+) (\d+)/(\d+) ([^;]*)", found)
        assert len(measured) == len(WIDTHS), f"{path}: {found or done.stderr}"
        for width, whole, seen, out in measured:
            assert whole == seen and not out, f"{path} at {width}: {whole} wide where {seen} are seen; too wide: {out}"
    print(f"{len(sys.argv) - 1} reports fit screens of {', '.join(map(str, WIDTHS))}")


main()
