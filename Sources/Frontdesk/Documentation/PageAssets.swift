/// The files of the pages that are part of the program.
enum PageAssets {
    /// The file named `name`, nil when there is none.
    static func file(_ name: String) -> AssetFolder.Asset? {
        switch name {
        case "viewer.js":
            AssetFolder.Asset(
                bytes: Array(viewer.utf8), contentType: "text/javascript; charset=utf-8")
        case "reference.css":
            AssetFolder.Asset(
                bytes: Array(PageStyle.reference.utf8), contentType: "text/css; charset=utf-8")
        default: nil
        }
    }

    /// Loads a viewer, and shows it in place of the reference once it is there.
    private static let viewer = """
        (function () {
          "use strict";
          var data = document.currentScript.dataset;
          var viewer = document.getElementById("viewer");

          function load(file, start) {
            var script = document.createElement("script");
            script.src = data.base + "/" + file;
            script.onload = function () {
              try {
                start();
              } catch (error) {
                console.error(error);
                showReference();
              }
            };
            script.onerror = showReference;
            document.head.appendChild(script);
          }

          function showReference() {
            viewer.hidden = true;
            document.getElementById("reference").hidden = false;
            document.getElementById("reference-style").disabled = false;
          }

          function showViewer() {
            document.getElementById("reference-style").disabled = true;
            document.getElementById("reference").hidden = true;
            viewer.hidden = false;
            document.body.style.margin = 0;
          }

          function startSwaggerUI() {
            var style = document.createElement("link");
            style.rel = "stylesheet";
            style.href = data.base + "/swagger-ui.css";
            document.head.appendChild(style);
            var start = window.SwaggerUIBundle;
            showViewer();
            start({ url: "/openapi.json", domNode: viewer, deepLinking: true, validatorUrl: null });
          }

          function startRedoc() {
            var start = window.Redoc.init;
            showViewer();
            start("/openapi.json", { hideDownloadButton: false }, viewer);
          }

          if (data.viewer === "redoc") {
            load("redoc.standalone.js", startRedoc);
          } else {
            load("swagger-ui-bundle.js", startSwaggerUI);
          }
        })();

        """
}
