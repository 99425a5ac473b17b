//! `ecslint graph` and `check --html`.

use super::{CLEAN, ERROR, Folder, WARNING};

const GOOD: &str = include_str!("../../../fixtures/good-cluster.yml");

#[test]
fn a_picture_on_standard_output_or_in_a_file() {
    let folder = Folder::new("graph").with("a.yml", GOOD);
    let ran = folder.run(&["graph", "a.yml"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    roxmltree::Document::parse(&ran.stdout).expect("XML");
    assert_eq!(folder.run_with_stdin(&["graph", "-"], GOOD.as_bytes()).stdout, ran.stdout);
    let quiet = folder.run(&["graph", "a.yml", "-o", "a.svg"]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (0, ""));
    assert_eq!(folder.read("a.svg"), ran.stdout);
    let chart = folder.run(&["graph", "a.yml", "--format", "mermaid"]).stdout;
    assert!(chart.starts_with("flowchart LR\n"), "{chart}");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let folder =
        Folder::new("graph-wrong").with("a.yml", GOOD).with("clean.yml", CLEAN).with("bad.yml", ERROR);
    folder.run(&["graph", "clean.yml"]).says(2, "error: `clean.yml` starts no instances");
    let unreadable =
        "error: `bad.yml` is no CloudFormation template that can be read: `ecslint check` says why";
    folder.run(&["graph", "bad.yml"]).says(2, unreadable);
    folder.run(&["graph", "."]).says(2, "error: `.` is a folder: name one template");
    let same = "error: the report does not replace `a.yml`, which was checked: write it to another file";
    folder.run(&["graph", "a.yml", "-o", "a.yml"]).says(2, same);
    assert_eq!(folder.read("a.yml"), GOOD);
    let ran = folder.run(&["graph", "a.yml", "-o", "no/a.svg"]);
    assert!(ran.code == 2 && ran.stderr.contains("the folder `no` does not exist"), "{ran:?}");
}

#[test]
fn a_page_beside_the_report() {
    let folder = Folder::new("page").with("a.yml", GOOD).with("b.yml", WARNING);
    let ran = folder.run(&["check", ".", "--html", "page.html"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let page = folder.read("page.html");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    assert!(page.contains("<h2>a.yml</h2>") && page.contains("<h2>b.yml</h2>") && page.contains("<svg "));
}

/// `ECSLINT_BROWSER=chromium cargo test --test it browser` lets a browser without a window read the page.
#[test]
fn a_browser_draws_the_page() {
    let Some(browser) = std::env::var_os("ECSLINT_BROWSER") else { return };
    let folder = Folder::new("browser").with("a.yml", GOOD);
    folder.run(&["check", "a.yml", "--html", "page.html"]);
    let page = format!("file://{}", folder.0.join("page.html").display());
    for size in ["1280,900", "400,900"] {
        let mut command = std::process::Command::new(&browser);
        let size = format!("--window-size={size}");
        command.args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
            &size,
            "--dump-dom",
        ]);
        let output = command.arg(&page).output().expect("the browser starts");
        let (dom, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && !log.contains("CONSOLE"), "{log}");
        let n = |word: &str| dom.matches(word).count();
        assert!(n("<svg ") == 1 && n("marker-end=") > 5 && n("<li class=") > 1 && n("<pre>") > 100, "{dom}");
    }
}
