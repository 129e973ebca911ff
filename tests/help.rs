//! The help of every command, as users see it on a terminal of 100 columns.

use clap::Command;

/// Writes the help of a command and of those below it into snapshots, `help-report` for `report`.
fn assert_help(name: &str, command: &mut Command) {
    insta::assert_snapshot!(name, command.render_long_help().to_string());
    for below in command.get_subcommands_mut() {
        if below.get_name() != "help" {
            assert_help(&format!("{name}-{}", below.get_name()), below);
        }
    }
}

#[test]
fn the_help_of_every_command() {
    let mut command = harcov::cli::command().term_width(100);
    command.build();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_help("help", &mut command));
}
