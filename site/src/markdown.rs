//! Documentation in Markdown, as HTML that can do nothing but be read.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// How many headings deep documentation begins: a page has three of its own above it.
const DEEPER: usize = 3;

/// The HTML of a text. Raw HTML is shown as it is written, images as their texts, and a link leads only
/// to a web or mail address; another is its text.
pub fn html(text: &str) -> String {
    let mut made = String::with_capacity(text.len() * 2);
    html::push_html(&mut made, safe(text));
    made
}

/// The first sentence of a text, without its marks.
pub fn first_sentence(text: &str) -> String {
    let mut words = String::new();
    for event in safe(text) {
        match event {
            Event::Text(text) | Event::Code(text) => words += &text,
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => break,
            _ => {}
        }
    }
    let end = words.find(". ").map_or(words.len(), |at| at + 1);
    words.truncate(end);
    words
}

fn safe(text: &str) -> impl Iterator<Item = Event<'_>> {
    // Links that were dropped and are still open: what they hold stays.
    let mut open = Vec::new();
    let events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    events.filter_map(move |event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, .. }) => {
            let kept = may_lead(&dest_url);
            open.push(kept);
            let (title, id) = (CowStr::Borrowed(""), CowStr::Borrowed(""));
            kept.then_some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        Event::End(TagEnd::Link) => open.pop().unwrap_or(false).then_some(event),
        Event::Start(Tag::Heading { level, .. }) => {
            let (level, classes, attrs) = (deeper(level), Vec::new(), Vec::new());
            Some(Event::Start(Tag::Heading { level, id: None, classes, attrs }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(deeper(level)))),
        event => Some(event),
    })
}

fn may_lead(url: &str) -> bool {
    let start = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(start.as_deref(), Some("http" | "https" | "mailto"))
}

fn deeper(level: pulldown_cmark::HeadingLevel) -> pulldown_cmark::HeadingLevel {
    let deeper = (level as usize + DEEPER).min(6);
    deeper.try_into().unwrap_or(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_act_is_only_text() {
        let shown =
            html("<script>alert(1)</script>\n\nA <b onclick=\"x\">b</b> ![pic](http://a/b.png)");
        assert!(!shown.contains("<script") && !shown.contains("<b ") && !shown.contains("<img"));
        assert!(shown.contains("&lt;script&gt;") && shown.contains("pic"), "{shown}");
        for url in
            ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "file:///etc", "a.html"]
        {
            let shown = html(&format!("[here]({url})"));
            assert_eq!(shown, "<p>here</p>\n", "{url}");
        }
        assert_eq!(
            html("[\"on\"](https://a.b/?c=\"d&e)"),
            "<p><a href=\"https://a.b/?c=%22d&amp;e\">\"on\"</a></p>\n"
        );
    }

    #[test]
    fn marks_are_marks() {
        assert_eq!(
            html("# A *b*\n\n- `c`"),
            "<h4>A <em>b</em></h4>\n<ul>\n<li><code>c</code></li>\n</ul>\n"
        );
    }

    #[test]
    fn a_first_sentence_ends_where_it_ends() {
        assert_eq!(
            first_sentence("Use *it* at\n3.5 bar. Else not.\n\nMore."),
            "Use it at 3.5 bar."
        );
        assert_eq!(first_sentence("Nothing more\n\nBehind"), "Nothing more");
        assert_eq!(first_sentence(""), "");
    }
}
