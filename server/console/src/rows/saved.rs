//! Lists that somebody keeps under names of their own.

use contract::{Actor, Error, Kind};
use gate::Intent;
use model::access::Action;
use model::rows::{MOST_SAVED, SavedView};

use crate::workloads::WorkloadBook;

pub(super) async fn list(book: &WorkloadBook, actor: &Actor) -> Result<Vec<SavedView>, Error> {
    book.gate.read(actor, Action::ListRows)?;
    book.store.views_of(own(actor)?).await
}

pub(super) async fn save(book: &WorkloadBook, actor: &Actor, view: SavedView) -> Result<(), Error> {
    let intent = Intent::new(Action::SaveView, named(&view));
    let work = async |_| {
        let view = view.clone().check().map_err(|fields| Kind::Invalid { fields })?;
        let (user, known) = (own(actor)?, book.store.views_of(own(actor)?).await?);
        let is_new = !known.iter().any(|other| (&other.name, &other.listing) == (&view.name, &view.listing));
        if is_new && known.len() >= MOST_SAVED {
            let what = format!("{MOST_SAVED} views are kept already; remove one first");
            return Err(Kind::Conflict { what }.into());
        }
        book.store.save_view(user, &view).await
    };
    book.gate.change(actor, intent, work).await
}

pub(super) async fn forget(book: &WorkloadBook, actor: &Actor, view: SavedView) -> Result<(), Error> {
    let intent = Intent::new(Action::ForgetView, named(&view));
    let work = async |_| match book.store.forget_view(own(actor)?, &view.listing, &view.name).await? {
        true => Ok(()),
        false => Err(Kind::NotFound { what: named(&view) }.into()),
    };
    book.gate.change(actor, intent, work).await
}

fn own(actor: &Actor) -> Result<&str, Error> {
    Ok(&actor.user.as_ref().ok_or(Kind::Unauthenticated)?.id)
}

fn named(view: &SavedView) -> String {
    let name: String = view.name.chars().filter(|letter| !letter.is_control()).take(60).collect();
    format!("view {name} of {}", view.listing.as_str())
}
