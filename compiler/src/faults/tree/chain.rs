//! Lists that share their ends: what many half-made sets have in common is kept once.

use std::rc::Rc;

/// A list, its newest item first.
#[derive(Debug)]
pub(super) struct Chain<T>(Option<Rc<Link<T>>>);

#[derive(Debug)]
struct Link<T> {
    item: T,
    rest: Chain<T>,
}

impl<T> Chain<T> {
    pub fn empty() -> Chain<T> {
        Chain(None)
    }

    /// The list with one more item.
    pub fn with(&self, item: T) -> Chain<T> {
        Chain(Some(Rc::new(Link { item, rest: self.clone() })))
    }

    /// The newest item and the others.
    pub fn split(&self) -> Option<(&T, &Chain<T>)> {
        self.0.as_ref().map(|link| (&link.item, &link.rest))
    }

    /// The items, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::successors(self.split(), |(_, rest)| rest.split()).map(|(item, _)| item)
    }
}

impl<T> Clone for Chain<T> {
    fn clone(&self) -> Chain<T> {
        Chain(self.0.clone())
    }
}

impl<T> Drop for Chain<T> {
    /// One by one: a list may be longer than the stack is deep.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(Ok(mut link)) = next.map(Rc::try_unwrap) {
            next = link.rest.0.take();
        }
    }
}
