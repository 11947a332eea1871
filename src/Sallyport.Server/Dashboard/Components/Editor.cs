using System.Text.Json.Serialization;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Dashboard.Texts;
using Sallyport.Server.Languages;

namespace Sallyport.Server.Dashboard.Components;

/// <summary>An error in a template. Lines and columns are counted from one.</summary>
public sealed record EditorFault(
    [property: JsonPropertyName("line")] int Line,
    [property: JsonPropertyName("column")] int Column,
    [property: JsonPropertyName("message")] string Message)
{
    internal static EditorFault Of(LiquidError error) => new(error.Line, error.Column, error.Message);
}

/// <summary>A variable that a template may use.</summary>
public sealed record TemplateVariable(string Name, string Meaning);

/// <summary>What the script of the editor shows while somebody types.</summary>
/// <param name="Error">Null if the template can be read.</param>
/// <param name="Unknown">A sentence about variables that do not exist; null if all exist.</param>
internal sealed record EditorCheck(
    [property: JsonPropertyName("error")] EditorFault? Error,
    [property: JsonPropertyName("errorText")] string? ErrorText,
    [property: JsonPropertyName("unknown")] string? Unknown)
{
    public static IResult Result(LiquidError? error, IReadOnlyList<string> unknownVariables)
    {
        var fault = error is null ? null : EditorFault.Of(error);
        var check = new EditorCheck(
            fault, fault is null ? null : EditorTexts.At(fault), unknownVariables.Count == 0 ? null : EditorTexts.Unknown(unknownVariables));
        return TypedResults.Json(check, EditorJson.Default.EditorCheck);
    }
}

[JsonSerializable(typeof(EditorCheck))]
internal sealed partial class EditorJson : JsonSerializerContext;

/// <summary>The scripts of the editor. The code editor is bundled when the server is published; without it the editor is a text area.</summary>
internal sealed class EditorScripts(IWebHostEnvironment environment)
{
    private const string CodeEditorPath = "/dashboard/code-editor.js";

    /// <returns>Null if it is not bundled.</returns>
    public string? FindCodeEditor() => environment.WebRootFileProvider.GetFileInfo(CodeEditorPath).Exists ? CodeEditorPath : null;
}

/// <summary>Shown in the frame of an editor instead of a preview.</summary>
internal sealed class PreviewFaultResult(string text) : IResult
{
    private const string Policy = "sandbox; default-src 'none'; style-src 'self'";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        DashboardHeaders.AllowFrame(httpContext.Response.Headers, Policy);
        var html = $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="color-scheme" content="light dark">
              <title>{EditorTexts.Preview}</title>
            </head>
            <body>
              <p>{System.Net.WebUtility.HtmlEncode(text)}</p>
            </body>
            </html>
            """;
        return TypedResults.Text(html, "text/html; charset=utf-8", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(httpContext);
    }
}

/// <summary>The languages in which a preview can be shown.</summary>
internal static class EditorLanguages
{
    /// <summary>Those that a tenant offers, the default first.</summary>
    public static IReadOnlyList<ChoiceOption> Of(IReadOnlyList<string>? locales) => [.. OptionsOf(locales ?? []).DefaultIfEmpty(OptionOf(Language.English.Name, Language.English))];

    /// <summary>All that the product has texts in, the tenant's default first.</summary>
    public static IReadOnlyList<ChoiceOption> All(IReadOnlyList<string>? locales) =>
        [.. Of(locales).Concat(OptionsOf(Language.All.Select(language => language.Tag.ToString()))).DistinctBy(option => option.Value)];

    private static IEnumerable<ChoiceOption> OptionsOf(IEnumerable<string> tags) =>
        tags.SelectMany(tag => LanguageTag.TryParse(tag, out var parsed) && Language.Find(parsed) is { } language ? [OptionOf(tag, language)] : Array.Empty<ChoiceOption>());

    private static ChoiceOption OptionOf(string tag, Language language) =>
        new(tag, tag == language.Name ? CommonTexts.LanguageName(language.Name) : $"{CommonTexts.LanguageName(language.Name)} ({tag})");
}
