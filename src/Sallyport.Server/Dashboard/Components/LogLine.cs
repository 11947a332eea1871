using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Dashboard.Texts;

namespace Sallyport.Server.Dashboard.Components;

/// <summary>A log entry in the words of an administrator.</summary>
/// <param name="By">The administrator, the application or the person.</param>
internal sealed record LogLine(string What, string By, StatusKind Kind)
{
    public static LogLine Of(LogEntryResponse entry)
    {
        var isOperation = entry.Type is AuditTypes.ApiOperation or AuditTypes.FailedApiOperation;
        var request = isOperation ? Find(entry.Details, "request") : null;
        var (method, path) = (Text(request, "method"), Text(request, "path"));
        var actor = Text(Find(Find(request, "auth"), "user"), "email");
        var what = Text(request, "channel") == "dashboard" && path is not null ? LogTexts.DoneInDashboard(path)
            : path is not null ? LogTexts.DoneThroughApi(method ?? "", path)
            : LogTexts.Describe(entry.Description ?? entry.Type);
        return new LogLine(what, actor ?? NullIfEmpty(entry.ClientName) ?? NullIfEmpty(entry.ClientId) ?? "", KindOf(entry.Type));
    }

    private static StatusKind KindOf(string type) =>
        type.Contains("fail", StringComparison.Ordinal) || type.Contains("limit", StringComparison.Ordinal) || type.Contains("reject", StringComparison.Ordinal)
            || type.Contains("reported", StringComparison.Ordinal) || type is AuditTypes.PasswordRefused or AuditTypes.FailedApiOperation or AuditTypes.MessageNotDelivered
            ? StatusKind.Bad
        : type is AuditTypes.SignedIn || type.EndsWith("succeed", StringComparison.Ordinal) || type.EndsWith("complete", StringComparison.Ordinal) ? StatusKind.Good
        : StatusKind.Neutral;

    private static JsonElement? Find(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
