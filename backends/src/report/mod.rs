//! The report: one HTML page for those who answer for continuity. It needs no network and no script,
//! and says on every page when a rule set is not verified.

mod bars;
mod detail;
mod functions;
mod html;
mod money;
mod people;
mod summary;

use rbp_ruleset::RuleSet;

use self::html::{Html, text};
use crate::graph::CLASSES;
use crate::view::View;

const STYLE: &str = include_str!("style.css");

/// The page. About linear in the rule set; graphs are drawn for the functions that need a look first,
/// until they have some thousands of nodes together.
pub fn report(rules: &RuleSet) -> String {
    let view = View::new(rules);
    let mut page = Html::default();
    let title = view.of_package("Continuity");
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // Whatever an author wrote, nothing runs and nothing is fetched.
    page.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.raw("<title>").add(text(&title)).raw("</title>\n<style>\n");
    page.raw(STYLE).raw(CLASSES).raw("\n</style>\n</head>\n<body>\n");
    // The head of a table is printed again on every page.
    if !rules.verified {
        page.raw("<table class=\"sheet\" role=\"presentation\"><thead><tr><td>\n");
        let why = match summary::is_any_open(&view) {
            true => "something below is refuted or unknown",
            false => "its files have errors",
        };
        page.raw(&format!(
            "<p class=\"unverified\" role=\"alert\">NOT VERIFIED: {why}. Do not act on it.</p>\n"
        ));
        page.raw("</td></tr></thead><tbody><tr><td>\n");
    }
    page.raw("<main>\n");
    page.add(summary::head(&view, &title));
    page.add(summary::open(&view));
    page.add(functions::map(&view));
    page.add(functions::matrix(&view));
    page.add(detail::all(&view));
    page.add(people::authority(&view));
    page.add(people::calendar(&view));
    page.add(people::acceptances(&view));
    page.add(money::costs(&view));
    page.add(summary::terms());
    page.raw("</main>\n");
    if !rules.verified {
        page.raw("</td></tr></tbody></table>\n");
    }
    page.raw("</body>\n</html>\n");
    page.into_text()
}
