//! What is built when, and beside what.

use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::language::Cost;

/// What of the machine a build may use.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// How many components at once.
    pub jobs: usize,
    /// Bytes for all of them; one is always built, whatever it needs.
    pub memory: u64,
}

/// Of what is free now, this much is left to others.
const LEFT_FREE: u64 = 10;

impl Room {
    /// What is free now, with `jobs` at once, or as many as there are processors.
    pub fn of_machine(jobs: Option<NonZeroUsize>) -> Room {
        let processors = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let available = available_memory();
        Room {
            jobs: jobs.map_or_else(processors, NonZeroUsize::get),
            memory: available - available / LEFT_FREE,
        }
    }
}

/// Bytes that can be had without taking them from others, within the limit of the
/// container if there is one; a great many if the system does not tell.
fn available_memory() -> u64 {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let free = match system.available_memory() {
        0 => u64::MAX,
        free => free,
    };
    system.cgroup_limits().map_or(free, |limits| free.min(limits.free_memory))
}

/// Runs `work` for the index of each cost, each as soon as there is room for it,
/// those that take the longest first, so that few are left at the end. Gives the
/// results in the order of `costs`.
pub fn run<T: Send>(costs: &[Cost], room: Room, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let schedule = Schedule::new(costs, room);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..room.jobs.clamp(1, costs.len().max(1)) {
            scope.spawn(|| {
                while let Some(index) = schedule.take() {
                    let _running = Running { schedule: &schedule, index };
                    let result = work(index);
                    lock(&results).push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

struct Schedule<'a> {
    costs: &'a [Cost],
    room: Room,
    now: Mutex<Now>,
    ended: Condvar,
}

/// What waits and what runs.
struct Now {
    /// Indices, the next one first.
    waiting: Vec<usize>,
    running: Vec<usize>,
}

impl<'a> Schedule<'a> {
    fn new(costs: &'a [Cost], room: Room) -> Schedule<'a> {
        let mut waiting: Vec<usize> = (0..costs.len()).collect();
        waiting.sort_by_key(|index| std::cmp::Reverse(costs[*index].time));
        let now = Mutex::new(Now { waiting, running: Vec::new() });
        Schedule { costs, room, now, ended: Condvar::new() }
    }

    /// The next to run, once there is room for one; nothing if none is left.
    fn take(&self) -> Option<usize> {
        let mut now = lock(&self.now);
        loop {
            if now.waiting.is_empty() {
                return None;
            }
            if let Some(place) = self.next(&now) {
                let index = now.waiting.remove(place);
                now.running.push(index);
                return Some(index);
            }
            now = self.ended.wait(now).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Which of those that wait may begin: better one that nobody holds up.
    fn next(&self, now: &Now) -> Option<usize> {
        let used: u64 = now.running.iter().map(|index| self.costs[*index].memory).sum();
        let free = self.room.memory.saturating_sub(used);
        let fits = |index: &usize| now.running.is_empty() || self.costs[*index].memory <= free;
        let is_held_up = |index: &usize| {
            let cost = &self.costs[*index];
            cost.held.is_some()
                && now.running.iter().any(|other| self.costs[*other].held == cost.held)
        };
        let at = |wanted: &dyn Fn(&usize) -> bool| now.waiting.iter().position(wanted);
        at(&|index| fits(index) && !is_held_up(index)).or_else(|| at(&fits))
    }
}

/// One that runs; its room is free again when it ends, even by a panic.
struct Running<'a> {
    schedule: &'a Schedule<'a>,
    index: usize,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        lock(&self.schedule.now).running.retain(|index| *index != self.index);
        self.schedule.ended.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    fn order(costs: &[Cost], room: Room) -> Vec<usize> {
        let begun = Mutex::new(Vec::new());
        let results = run(costs, room, |index| {
            lock(&begun).push(index);
            index
        });
        assert_eq!(results, (0..costs.len()).collect::<Vec<_>>());
        begun.into_inner().unwrap()
    }

    #[test]
    fn the_longest_comes_first_and_results_in_order() {
        let costs = [Cost::new(1, 1), Cost::new(1, 3), Cost::new(1, 2), Cost::new(1, 3)];
        assert_eq!(order(&costs, Room { jobs: 1, memory: 10 }), [1, 3, 2, 0]);
        assert_eq!(order(&[], Room { jobs: 4, memory: 10 }), [] as [usize; 0]);
        assert_eq!(order(&costs[..1], Room { jobs: 0, memory: 0 }), [0]);
    }

    #[test]
    fn memory_is_never_passed_unless_by_one_alone() {
        let costs: Vec<Cost> = (0..40).map(|n| Cost::new(1 + n % 7, n)).collect();
        let room = Room { jobs: 8, memory: 5_000_000 };
        let used = AtomicU64::new(0);
        let most = AtomicU64::new(0);
        run(&costs, room, |index| {
            let memory = costs[index].memory;
            let now = used.fetch_add(memory, Ordering::SeqCst) + memory;
            assert!(now <= room.memory || now == memory, "{now}");
            most.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(2));
            used.fetch_sub(memory, Ordering::SeqCst);
        });
        assert!(most.load(Ordering::SeqCst) >= 5_000_000);
    }

    #[test]
    fn what_would_wait_for_another_comes_later() {
        let alone = Cost { held: Some("a lock"), ..Cost::new(1, 9) };
        let costs = [alone, alone, Cost::new(1, 2), Cost::new(1, 1)];
        let schedule = Schedule::new(&costs, Room { jobs: 2, memory: 10_000_000 });
        assert_eq!(schedule.take(), Some(0));
        assert_eq!(schedule.take(), Some(2));
        drop(Running { schedule: &schedule, index: 0 });
        assert_eq!(schedule.take(), Some(1));
        assert_eq!(schedule.take(), Some(3));
        assert_eq!(schedule.take(), None);
    }
}
