//! Pieces of a page. Text gets into one through [`text`] and the like alone, which escape it.

use crate::escape;

/// A piece of a page.
#[derive(Debug, Clone, Default)]
pub struct Html(String);

impl Html {
    /// Adds what is ours, never an author's.
    pub fn raw(&mut self, ours: &str) -> &mut Html {
        self.0.push_str(ours);
        self
    }

    /// Adds a piece.
    pub fn add(&mut self, piece: Html) -> &mut Html {
        self.0.push_str(&piece.0);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

/// What is ours, as a piece.
pub fn raw(ours: impl Into<String>) -> Html {
    Html(ours.into())
}

/// An author's words.
pub fn text(words: &str) -> Html {
    Html(escape::html(&escape::line(words)))
}

/// An author's words; what stands in backticks is a name.
pub fn message(words: &str) -> Html {
    let mut html = String::new();
    for (at, part) in escape::html(&escape::line(words)).split('`').enumerate() {
        match at {
            0 => {}
            at if at % 2 == 1 => html.push_str("<code>"),
            _ => html.push_str("</code>"),
        }
        html.push_str(part);
    }
    if html.matches("<code>").count() > html.matches("</code>").count() {
        html.push_str("</code>");
    }
    Html(html)
}

/// An element around a piece. `class` is ours.
pub fn within(tag: &str, class: &str, inner: Html) -> Html {
    match class {
        "" => Html(format!("<{tag}>{}</{tag}>", inner.0)),
        class => Html(format!("<{tag} class=\"{class}\">{}</{tag}>", inner.0)),
    }
}

/// A list.
pub fn list(items: impl IntoIterator<Item = Html>) -> Html {
    let items = items.into_iter().map(|item| format!("<li>{}</li>", item.0));
    listed("ul", &items.collect::<String>())
}

/// Nothing, where nothing is in it.
fn listed(tag: &str, items: &str) -> Html {
    if items.is_empty() { Html::default() } else { Html(format!("<{tag}>{items}</{tag}>")) }
}

/// A list in order.
pub fn steps(items: impl IntoIterator<Item = Html>) -> Html {
    let items = items.into_iter().map(|item| format!("<li>{}</li>", item.0));
    listed("ol", &items.collect::<String>())
}

/// A part of the page with its heading.
pub fn section(id: &str, heading: &str, lead: &str, inner: Html) -> Html {
    let mut html = raw(format!("<section id=\"{id}\">\n<h2>{heading}</h2>\n"));
    if !lead.is_empty() {
        html.raw("<p class=\"lead\">").raw(lead).raw("</p>\n");
    }
    html.add(inner).raw("</section>\n");
    html
}

/// A table. The first cell of each row is its heading. On a narrow screen the rows become cards, in
/// which each cell has its column's heading before it.
pub struct Table {
    id: &'static str,
    caption: &'static str,
    heads: Vec<String>,
    rows: Vec<Vec<Html>>,
    cards: bool,
}

impl Table {
    pub fn new(id: &'static str, caption: &'static str, heads: &[&str]) -> Table {
        let heads = heads.iter().map(|head| (*head).to_owned()).collect();
        Table { id, caption, heads, rows: Vec::new(), cards: true }
    }

    /// The table stays one on a narrow screen too, and scrolls.
    pub fn wide(mut self) -> Table {
        self.cards = false;
        self
    }

    pub fn row(&mut self, cells: Vec<Html>) {
        self.rows.push(cells);
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn html(self) -> Html {
        let (id, caption) = (self.id, self.caption);
        let mut html = Html::default();
        if self.cards {
            html.raw("<style>@media(max-width:700px){");
            for (at, head) in self.heads.iter().enumerate().skip(1) {
                html.raw(&format!("#{id} td:nth-child({}):before{{content:\"{head}\"}}", at + 1));
            }
            html.raw("}</style>\n");
        }
        let class = if self.cards { "cards" } else { "wide" };
        let id = if id.is_empty() { String::new() } else { format!(" id=\"{id}\"") };
        html.raw(&format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\
             <table{id} class=\"{class}\"><caption>{caption}</caption>\n<thead><tr>"
        ));
        for head in &self.heads {
            html.raw(&format!("<th scope=\"col\">{head}</th>"));
        }
        html.raw("</tr></thead>\n<tbody>\n");
        for row in self.rows {
            html.raw("<tr>");
            for (at, cell) in row.into_iter().enumerate() {
                let (start, end) = match at {
                    0 => ("<th scope=\"row\">", "</th>"),
                    _ if cell.is_empty() => ("<td class=\"none\">", "</td>"),
                    _ => ("<td>", "</td>"),
                };
                html.raw(start).add(cell).raw(end);
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
        html
    }
}
