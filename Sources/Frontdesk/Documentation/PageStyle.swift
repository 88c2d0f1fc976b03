/// The look of the built-in reference, by day and by night.
enum PageStyle {
    /// The style sheet.
    static let reference = colours + layout + details

    private static let colours = """
        :root {
          color-scheme: light dark;
          --ground: #ffffff; --raised: #f5f6f8; --line: #dfe2e7; --text: #1c2430; --soft: #5a6675;
          --link: #0b57c2; --get: #0b6bcb; --post: #1a7f37; --put: #9a6700; --delete: #c1272d;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #12161c; --raised: #1b212a; --line: #303946; --text: #e4e8ee;
            --soft: #9aa6b5; --link: #7db4ff; --get: #58a6ff; --post: #56d364; --put: #e3b341;
            --delete: #ff7b72;
          }
        }

        """

    private static let layout = """
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; }
        body {
          margin: 0; background: var(--ground); color: var(--text);
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
        }
        a { color: var(--link); text-decoration: none; }
        a:hover { text-decoration: underline; }
        #reference { display: flex; }
        #reference[hidden] { display: none; }
        nav {
          flex: 0 0 19rem; height: 100vh; position: sticky; top: 0; overflow-y: auto;
          padding: 1.5rem 1rem 3rem 1.5rem; background: var(--raised);
          border-right: 1px solid var(--line); font-size: .86rem;
        }
        #menu { position: absolute; opacity: 0; }
        #menu:focus-visible + nav label { outline: 2px solid var(--link); }
        nav label { display: none; font-weight: 600; cursor: pointer; }
        nav ul { list-style: none; margin: 0; padding: 0; }
        nav li a {
          display: flex; gap: .5rem; align-items: baseline; padding: .2rem 0; color: var(--text);
        }
        nav h4 { margin: 1.2rem 0 .3rem; color: var(--soft); }
        nav .verb { flex: 0 0 3.4rem; font-size: .62rem; }
        main { flex: 1; min-width: 0; max-width: 58rem; padding: 2rem 2.5rem 6rem; }
        h1 { margin: 0 0 .5rem; font-size: 1.9rem; line-height: 1.2; }
        h1 small { font-size: .9rem; font-weight: 500; color: var(--soft); }
        h2 {
          margin: 3rem 0 .5rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line);
        }
        h3 { margin: 0 0 .4rem; font-size: 1.12rem; }
        h4 { margin: 1.2rem 0 .4rem; font-size: .86rem; color: var(--soft); }
        article {
          margin: 1.2rem 0; padding: 1.2rem 1.4rem; border: 1px solid var(--line);
          border-radius: 8px; scroll-margin-top: 1rem;
        }
        article:target { border-color: var(--link); }
        @media (max-width: 860px) {
          #reference { display: block; }
          nav { position: static; height: auto; border-right: 0; padding: 1rem 1.5rem; }
          nav label { display: block; }
          nav label::after { content: " ▾"; }
          #menu:not(:checked) + nav div { display: none; }
          main { padding: 1.5rem 1rem 4rem; }
        }

        """

    private static let details = """
        code, pre { font: .86em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
        pre {
          margin: .4rem 0; padding: .8rem 1rem; overflow-x: auto; background: var(--raised);
          border: 1px solid var(--line); border-radius: 6px; max-height: 28rem;
        }
        .scroll { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; font-size: .9rem; }
        th, td {
          padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top;
          border-bottom: 1px solid var(--line);
        }
        th { font-weight: 600; color: var(--soft); }
        td:last-child { min-width: 12rem; }
        td:first-child code { white-space: nowrap; }
        sup { color: var(--delete); }
        .limits { color: var(--soft); font-size: .86em; }
        .facts { color: var(--soft); }
        .route { margin: .2rem 0 .6rem; overflow-wrap: anywhere; }
        .verb { font-size: .72rem; font-weight: 700; letter-spacing: .03em; color: var(--soft); }
        .route .verb {
          padding: .15rem .5rem; border: 1px solid currentColor; border-radius: 4px;
          margin-right: .3rem;
        }
        .verb.get { color: var(--get); }
        .verb.post { color: var(--post); }
        .verb.put, .verb.patch { color: var(--put); }
        .verb.delete { color: var(--delete); }
        .status { color: var(--soft); }
        .status.s2 { color: var(--post); }
        .status.s4, .status.s5, .refusal { color: var(--delete); }
        details {
          margin: .4rem 0; padding: .4rem .8rem; border: 1px solid var(--line); border-radius: 6px;
        }
        details > summary { cursor: pointer; }
        #refusals article, #refusals details { border: 0; margin: .2rem 0; padding: .2rem 0; }

        """
}
