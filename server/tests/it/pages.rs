//! Every page renders whole on the server, for each kind of person, in both languages.

use std::sync::Arc;

use http::StatusCode;

use crate::console::{Person, TestConsole};

#[tokio::test]
async fn every_page_is_complete_html_without_scripts() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let pages = [
        ("/", "Recent changes"),
        ("/users", "Last sign-in"),
        ("/projects", "No project yet."),
        ("/projects/new", "Display name"),
        ("/namespaces", "No namespace yet."),
        ("/clusters", "No cluster is connected"),
        ("/licence", "does not expire"),
        ("/audit", "license.activate"),
        ("/account", "Change your password"),
    ];

    for (path, text) in pages {
        let page = console.get(&root, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains(text), "{path} lacks {text:?}");
        assert!(page.body.contains("<main id=\"content\""), "{path}");
        assert!(page.body.contains(" · Pilothouse</title>"), "{path}");
        assert!(!page.body.contains("Loading"), "{path}");
    }
}

#[tokio::test]
async fn pages_speak_the_language_that_the_browser_asks_for_or_the_person_chose() {
    let console = TestConsole::activated().await;
    let mut root = console.root().await;

    assert!(console.get(&root, "/users").await.body.contains("Last sign-in"));
    root.cookies.push("pilothouse_language=zh-CN".to_owned());
    let chinese = console.get(&root, "/users").await.body;

    assert!(chinese.contains("上次登录"));
    assert!(chinese.contains(r#"lang="zh-CN""#));
    assert!(!chinese.contains("Last sign-in"));
}

#[tokio::test]
async fn a_list_is_sorted_as_its_address_says_without_scripts() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    for name in ["amy", "zoe"] {
        console.person(name, "member").await;
    }
    let order = async |address: &str| {
        let body = console.get(&root, address).await.body;
        let place = |name: &str| body.find(&format!("/people/{name}\"")).unwrap();
        (place("amy") < place("zoe"), body.contains("aria-sort=\"descending\""))
    };

    assert_eq!(order("/users?sort=1").await, (true, false));
    assert_eq!(order("/users?sort=-1").await, (false, true));
    assert!(!order("/users?sort=-99").await.1, "no such column");
}

#[tokio::test]
async fn the_chosen_theme_is_in_the_first_html() {
    let console = TestConsole::activated().await;
    let person = Person { cookies: vec!["pilothouse_theme=dark".to_owned()] };

    assert!(console.get(&person, "/sign-in").await.body.contains(r#"data-theme="dark""#));
}

#[tokio::test]
async fn a_member_sees_no_administration_and_is_refused_its_pages() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;

    let overview = console.get(&ada, "/").await.body;
    assert!(!overview.contains("href=\"/users\""));
    for path in ["/users", "/licence", "/audit"] {
        let page = console.get(&ada, path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.body.contains("Platform auditor"), "{path} names the role that it takes");
    }
}

#[tokio::test]
async fn an_unknown_address_is_not_found() {
    let console = TestConsole::activated().await;

    let page = console.get(&console.root().await, "/nowhere").await;

    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("There is no page at this address"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_that_are_rendered_at_once_keep_apart() {
    let console = Arc::new(TestConsole::activated().await);
    let root = console.root().await;
    let pages =
        [("/users", "Users"), ("/account", "Account"), ("/audit", "Audit trail"), ("/projects", "Projects")];

    let looks = pages.into_iter().cycle().take(8).map(|(path, title)| {
        let (console, root) = (console.clone(), root.clone());
        tokio::spawn(async move {
            for _ in 0..25 {
                let page = console.get(&root, path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                let found = page.body.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
                assert_eq!(found.map(|(found, _)| found), Some(format!("{title} · Pilothouse").as_str()));
            }
        })
    });
    for look in looks.collect::<Vec<_>>() {
        look.await.unwrap();
    }
}
