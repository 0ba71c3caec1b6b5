using System.Text.Encodings.Web;

namespace FitTrack.Worker.Simulators;

/// <summary>The page on which a person lets FitTrack in: Terra's widget and Strava's consent.</summary>
internal static class ConsentPage
{
    /// <param name="accounts">Accounts to choose from, beside a new one.</param>
    /// <param name="scopes">May be unticked.</param>
    /// <param name="buttons">Name, value and label of each way to agree.</param>
    public static IResult Form(
        HttpContext call, string title, string lead, IEnumerable<(string Id, string Label)> accounts, IReadOnlyList<string> scopes, IReadOnlyList<(string Name, string Value, string Label)> buttons) =>
        Page(call, 200, title, $"""
            <p>{E(lead)}</p>
            <form method="post">
              <label>Account
                <select name="account">
                  <option value="">A new account</option>
                  {string.Concat(accounts.Select(a => $"<option value=\"{E(a.Id)}\">{E(a.Label)}</option>"))}
                </select>
              </label>
              {string.Concat(scopes.Select(s => $"<label class=\"tick\"><input type=\"checkbox\" name=\"scope\" value=\"{E(s)}\" checked> {E(s)}</label>"))}
              <div class="actions">
                {string.Concat(buttons.Select(b => $"<button name=\"{E(b.Name)}\" value=\"{E(b.Value)}\">{E(b.Label)}</button>"))}
                <button class="quiet" name="cancel" value="true">Cancel</button>
              </div>
            </form>
            """);

    public static IResult Note(HttpContext call, string title, string text, int status = 200) => Page(call, status, title, $"<p>{E(text)}</p>");

    private static IResult Page(HttpContext call, int status, string title, string body) => Results.Text(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
          <title>{E(title)} · Simulator</title>
          <link rel="icon" href="data:,">
          <link rel="stylesheet" href="{E(call.Request.PathBase)}/page.css">
        </head>
        <body><main class="consent"><p class="badge">Simulator</p><h1>{E(title)}</h1>
        {body}
        </main></body>
        </html>
        """, "text/html; charset=utf-8", statusCode: status);

    private static string E(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
