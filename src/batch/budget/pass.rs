//! The pass in which a batch is read once more, between counting and spelling, and every article says what can be sent of it. Nothing is
//! booked: what fails here fails again when it is spelled, and is named then.

use super::{Climbed, Decision, Gathered, Translate, offered};
use crate::batch::again::{paired, read_again};
use crate::batch::duplicates::LeftOut;
use crate::batch::engine::{Worker, guarded};
use crate::batch::keep::{Generations, Unread};
use crate::batch::parse::parse_job;
use crate::batch::passes::Batch;
use crate::batch::read::Reader;
use crate::batch::spell::{Ready, Spell};
use crate::error::Result;
use crate::text::table_of;

impl Batch<'_> {
    /// Chooses from articles that pass one kept.
    pub fn choose_kept(&mut self, how: Translate, spell: &Spell, generations: &mut Generations, unread: &mut Unread) -> Result<Decision> {
        let Batch { plan, engine, spool, books, .. } = self;
        let mut reader = Reader::new(&plan.sources, spool.as_ref());
        let mut gathered = Gathered::default();
        engine.chunks(&mut reader, |jobs, block, consumed| {
            let done = jobs.len() as u64;
            let paired = paired(jobs, unread, generations)?;
            let climbed = engine.map(paired, |(job, packed), worker| {
                if packed.is_empty() {
                    return None;
                }
                guarded(|| {
                    let (ready, _) = read_again(job, block, &packed, (plan, spell, generations), worker)?;
                    let climbed = climb(how, spell, &ready, worker);
                    worker.scratch.recycle(ready.document.into_parts().1);
                    Ok(climbed)
                })
                .ok()
            });
            climbed.into_iter().for_each(|climbed| gathered.add(climbed));
            books.observer.advanced(done, consumed);
            Ok(())
        })?;
        unread.again();
        Ok(gathered.decide(how))
    }

    /// Chooses from articles that are ranked by a given table.
    pub fn choose_parsed(&mut self, how: Translate, spell: &Spell) -> Result<Decision> {
        let share = self.words_a_thread();
        let Batch { plan, settings, engine, spool, books, copies, .. } = self;
        let mut reader = Reader::new(&plan.sources, spool.as_ref());
        let mut left_out = LeftOut::new(copies.as_ref());
        let mut gathered = Gathered::default();
        engine.chunks(&mut reader, |jobs, block, consumed| {
            let done = jobs.len() as u64;
            let climbed = engine.map(left_out.kept(jobs), |job, worker| {
                let document = parse_job(job, block, &plan.sources, settings, worker).document.ok()?;
                let ready = spell.ready(document, worker);
                let climbed = guarded(|| Ok(climb(how, spell, &ready, worker)));
                if worker.is_full(table_of(ready.document.article().lang.as_ref()), share) {
                    worker.forget_words();
                }
                climbed.ok()
            });
            climbed.into_iter().for_each(|climbed| gathered.add(climbed));
            books.observer.advanced(done, consumed);
            Ok(())
        })?;
        Ok(gathered.decide(how))
    }
}

fn climb(how: Translate, spell: &Spell, ready: &Ready, worker: &mut Worker) -> Climbed {
    spell.outcome(ready, worker, |outcome, _, _| Climbed::of(&offered(&outcome, how.whole, &spell.settings.bitext), &ready.document))
}
