using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;

namespace AspNetCoreSample;

/// <summary>The application's pages.</summary>
internal static class Pages
{
    public static IResult Login(string message, string email, AntiforgeryTokenSet tokens) => Page("Sign in", $"""
        <p role="status">{Encode(message)}</p>
        <form method="post" action="/login">{Field(tokens)}
          <p><label>Email <input name="email" type="email" autocomplete="username" required value="{Encode(email)}"></label></p>
          <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
          <button>Sign in</button>
        </form>
        """);

    public static IResult SetUp(AntiforgeryTokenSet tokens) => Page("Set up a second factor", $"""
        <p>Your account needs a second factor. Set it up in a new tab, come back, and sign in again.</p>
        <form method="post" action="/second-factor" target="_blank" rel="noopener">{Field(tokens)}<button>Set up a second factor</button></form>
        <p><a href="/">Sign in again</a></p>
        """);

    public static IResult Home(string email, AntiforgeryTokenSet tokens) => Page("Home", $"""
        <p>Signed in as {Encode(email)}</p>
        <form method="post" action="/logout">{Field(tokens)}<button>Sign out</button></form>
        """);

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private static string Field(AntiforgeryTokenSet tokens) =>
        $"""<input type="hidden" name="{tokens.FormFieldName}" value="{tokens.RequestToken}">""";

    private static IResult Page(string title, string body) => Results.Content($"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><link rel="icon" href="data:,"></head>
        <body><main><h1>{title}</h1>{body}</main></body>
        </html>
        """, "text/html; charset=utf-8");
}
