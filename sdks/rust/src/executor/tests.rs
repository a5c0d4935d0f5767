use super::*;
use std::cell::Cell;
use std::rc::Rc;

/// Ready after it was polled and woken `turns` times.
fn turns(mut turns: usize) -> impl Future<Output = ()> {
    std::future::poll_fn(move |context| {
        if turns == 0 {
            return Poll::Ready(());
        }
        turns -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

fn never() -> impl Future<Output = ()> {
    std::future::poll_fn(|_| Poll::Pending)
}

#[test]
fn tasks_take_turns() {
    let order = Rc::new(RefCell::new(Vec::new()));
    let log = order.clone();
    run(
        async move {
            let tasks: Vec<Task<()>> = (0..2)
                .map(|number| {
                    let log = log.clone();
                    spawn(async move {
                        for turn in 0..2 {
                            log.borrow_mut().push((number, turn));
                            turns(1).await;
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await;
            }
        },
        |_| false,
    )
    .expect("all tasks end");
    assert_eq!(*order.borrow(), [(0, 0), (1, 0), (0, 1), (1, 1)]);
}

#[test]
fn work_goes_on_after_the_end_of_the_handler() {
    let done = Rc::new(Cell::new(false));
    let flag = done.clone();
    let output = run(
        async move {
            spawn(async move {
                turns(3).await;
                flag.set(true);
            });
            7
        },
        |_| false,
    );
    assert_eq!(output, Some(7));
    assert!(done.get());
}

#[test]
fn a_handler_that_waits_for_nothing_is_given_up() {
    assert_eq!(run(never(), |_| false), None);
}

#[test]
fn a_job_that_waits_for_nothing_is_dropped() {
    struct Dropped(Rc<Cell<bool>>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let dropped = Rc::new(Cell::new(false));
    let guard = Dropped(dropped.clone());
    let output = run(
        async move {
            spawn(async move {
                let _guard = guard;
                never().await;
            });
        },
        |_| false,
    );
    assert_eq!(output, Some(()));
    assert!(dropped.get());
}

#[test]
fn the_world_is_asked_even_while_a_task_is_busy() {
    let waiting: Rc<RefCell<Option<Waker>>> = Rc::default();
    let woken = Rc::new(Cell::new(false));
    let (slot, flag) = (waiting.clone(), woken.clone());
    let mut looks = Vec::new();
    let output = run(
        async move {
            let other = spawn(std::future::poll_fn(move |context| {
                if flag.get() {
                    return Poll::Ready(());
                }
                *slot.borrow_mut() = Some(context.waker().clone());
                Poll::Pending
            }));
            turns(5).await;
            other.await;
        },
        |look| {
            looks.push(look);
            if look == Look::Wait
                && let Some(waker) = waiting.borrow_mut().take()
            {
                woken.set(true);
                waker.wake();
            }
            true
        },
    );
    assert_eq!(output, Some(()));
    assert!(looks.iter().filter(|look| **look == Look::Glance).count() >= 5);
    assert_eq!(looks.iter().filter(|look| **look == Look::Wait).count(), 1);
}

#[test]
fn a_cancelled_task_does_not_go_on() {
    let reached = Rc::new(Cell::new(false));
    let flag = reached.clone();
    run(
        async move {
            let task = spawn(async move {
                turns(3).await;
                flag.set(true);
            });
            turns(1).await;
            task.cancel();
        },
        |_| false,
    )
    .expect("the handler ends");
    assert!(!reached.get());
}
