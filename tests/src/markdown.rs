//! Fenced blocks of Markdown, with the words after the fence and the headings above.

/// One fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The words after the opening fence: `rbp wrong`.
    pub words: Vec<String>,
    /// What it holds.
    pub text: String,
    /// The line of its first line of text, counted from 1.
    pub line: usize,
}

/// Every fenced block of a page, in order.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut headings: Vec<(usize, String)> = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in page.lines().enumerate() {
        if let Some(fence) = line.strip_prefix("```") {
            match open.take() {
                Some(block) => blocks.push(block),
                None => {
                    open = Some(Block {
                        headings: headings.iter().map(|(_, h)| h.clone()).collect(),
                        words: fence.split_whitespace().map(str::to_owned).collect(),
                        text: String::new(),
                        line: number + 2,
                    });
                }
            }
        } else if let Some(block) = &mut open {
            block.text.push_str(line);
            block.text.push('\n');
        } else if line.starts_with('#') {
            let depth = line.chars().take_while(|c| *c == '#').count();
            headings.retain(|(d, _)| *d < depth);
            headings.push((depth, line.trim_start_matches('#').trim().to_owned()));
        }
    }
    blocks
}
