//! Every command, as the command line's own help tells of it.

use clap::{Arg, Command, CommandFactory};
use isospin_builder::commands::Isospin;

use crate::escape::escaped;

/// A section for each command, with its arguments, options and examples.
pub fn markdown() -> String {
    let mut program = Isospin::command().disable_help_subcommand(true);
    program.build();
    let everywhere: Vec<&Arg> =
        program.get_arguments().filter(|argument| argument.is_global_set()).collect();
    let mut text = String::from("Every command has these options:\n\n");
    text.push_str(&table("option", &everywhere));
    for command in program.get_subcommands() {
        text.push_str(&section(command, &everywhere));
    }
    text
}

fn section(command: &Command, everywhere: &[&Arg]) -> String {
    let name = command.get_name();
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string);
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let mut text = format!("\n## isospin {name} {{#{name}}}\n\n");
    // The first line of a help text has no full stop.
    for paragraph in escaped(&about.unwrap_or_default()).split("\n\n") {
        text.push_str(&format!("{}.\n\n", paragraph.trim_end_matches('.')));
    }
    text.push_str(&format!("```text\n{usage}\n```\n"));
    let own = |argument: &&Arg| {
        let id = argument.get_id();
        id != "help" && everywhere.iter().all(|known| known.get_id() != id)
    };
    let arguments: Vec<&Arg> = command.get_positionals().filter(own).collect();
    let options: Vec<&Arg> =
        command.get_arguments().filter(|argument| !argument.is_positional()).filter(own).collect();
    for (kind, rows) in [("argument", arguments), ("option", options)] {
        if !rows.is_empty() {
            text.push_str(&format!("\n{}", table(kind, &rows)));
        }
    }
    for example in examples(command) {
        text.push_str(&format!("\n```text\n{example}\n```\n"));
    }
    text
}

/// The lines of a command's examples.
pub fn examples(command: &Command) -> Vec<String> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    help.lines().filter_map(|line| line.strip_prefix("  ")).map(str::to_owned).collect()
}

fn table(kind: &str, arguments: &[&Arg]) -> String {
    let mut text = format!("| {kind} | meaning |\n|---|---|\n");
    for argument in arguments {
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let row = format!("{}{}", escaped(&help), remarks(argument));
        text.push_str(&format!("| `{}` | {row} |\n", shown(argument).replace('|', "\\|")));
    }
    text
}

/// `-q, --quiet`, `--listen <ADDRESS>` or `[PATH]`.
fn shown(argument: &Arg) -> String {
    // clap's own words, without colours; the short option is not among them.
    let text = argument.to_string();
    match argument.get_short() {
        Some(short) if !argument.is_positional() => format!("-{short}, {text}"),
        _ => text,
    }
}

/// What values there are, and which is taken if none is said.
fn remarks(argument: &Arg) -> String {
    let mut text = String::new();
    let takes_value = argument.get_action().takes_values();
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| takes_value && !value.is_hide_set())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !values.is_empty() {
        text.push_str(&format!(". One of {}", values.join(", ")));
    }
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .filter(|_| takes_value)
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    if !defaults.is_empty() {
        text.push_str(&format!(". Default: {}", defaults.join(", ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn every_command_and_option_is_there() {
        let text = markdown();
        for command in Isospin::command().get_subcommands() {
            let name = command.get_name();
            assert!(text.contains(&format!("\n## isospin {name} {{#{name}}}\n")), "{name}");
            for option in command.get_arguments().filter_map(Arg::get_long) {
                assert!(text.contains(&format!("--{option}")), "{name} --{option}");
            }
        }
    }

    #[test]
    fn the_command_line_takes_every_example() {
        let program = Isospin::command();
        let mut seen = 0;
        for example in program.get_subcommands().flat_map(examples) {
            // Without the shell's own: what follows `&&`, `source <(...)`.
            let own = example.split(" && ").next().unwrap_or_default();
            let own = own.trim_start_matches("source <(").trim_end_matches(')');
            let words = shell_words::split(own).expect("quotes are closed");
            assert!(own.starts_with("isospin "), "{example}");
            let parsed = Isospin::try_parse_from(words);
            assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
            seen += 1;
        }
        assert!(seen >= program.get_subcommands().count(), "{seen}");
    }
}
