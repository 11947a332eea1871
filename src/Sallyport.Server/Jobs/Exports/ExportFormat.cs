using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs.Exports;

/// <summary>Users as JSON lines, or as CSV (RFC 4180). Only what the Management API shows of a user can be exported, so no secret.</summary>
internal sealed class ExportFormat(JobParametersV1 parameters)
{
    /// <summary>The columns of a CSV file if the request names none.</summary>
    private static readonly ExportField[] DefaultColumns =
    [
        .. new[]
        {
            "user_id", "email", "email_verified", "username", "phone_number", "phone_verified", "name", "nickname", "given_name",
            "family_name", "picture", "blocked", "created_at", "updated_at",
        }.Select(name => new ExportField { Name = name }),
        new ExportField { Name = "identities[0].connection", ExportAs = "connection" },
    ];

    private readonly bool isCsv = parameters.Format == CreateExportRequest.Csv;
    private readonly ExportField[]? fields = parameters.Fields ?? (parameters.Format == CreateExportRequest.Csv ? DefaultColumns : null);

    public string Header => isCsv ? CsvText.Line(fields!.Select(column => column.ExportAs ?? column.Name)) : "";

    /// <returns>The line with its end.</returns>
    public string Line(User user)
    {
        if (fields is null)
        {
            return JsonSerializer.Serialize(user, UserJson.Default.User) + '\n';
        }

        var values = Values(user, fields);
        return isCsv ? CsvText.Line(values.Select(Text)) : Select(fields, values).ToJsonString() + '\n';
    }

    private static JsonObject Select(ExportField[] fields, IEnumerable<JsonNode?> values)
    {
        var selected = new JsonObject();
        foreach (var (field, value) in fields.Zip(values).Where(pair => pair.Second is not null))
        {
            selected[field.ExportAs ?? field.Name] = value!.DeepClone();
        }

        return selected;
    }

    private static IEnumerable<JsonNode?> Values(User user, ExportField[] fields)
    {
        var node = JsonSerializer.SerializeToNode(user, UserJson.Default.User)!;
        return fields.Select(field => Find(node, field.Name));
    }

    /// <returns>Null for a path that does not exist.</returns>
    private static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (var step in path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.'))
        {
            node = node switch
            {
                JsonObject members => members[step],
                JsonArray items when int.TryParse(step, out var index) && index >= 0 && index < items.Count => items[index],
                _ => null,
            };
        }

        return node;
    }

    private static string Text(JsonNode? value) =>
        value is null ? "" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}

/// <summary>
/// Lines of a CSV file. A value that a spreadsheet may take for a formula begins with an apostrophe, so that a user with the name
/// <c>=HYPERLINK(…)</c> runs nothing on the machine of an administrator.
/// </summary>
internal static class CsvText
{
    private const int MaxPhoneDigits = 15;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public static string Line(IEnumerable<string> values) => string.Join(',', values.Select(Value)) + "\r\n";

    public static string Value(string text)
    {
        if (MayBeFormula(text) && !IsPhoneNumber(text))
        {
            text = "'" + text;
        }

        return text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>
    /// Spreadsheets ignore blanks and invisible characters before a formula, and some take full-width signs for the ASCII ones. A tab or a
    /// line break at the beginning may move the rest into another cell.
    /// </summary>
    private static bool MayBeFormula(string text)
    {
        var start = text.AsSpan();
        while (start is [var first, ..] && IsInvisible(first))
        {
            start = start[1..];
        }

        return start is ['=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20', ..] || text is ['\t' or '\r' or '\n', ..];
    }

    private static bool IsInvisible(char c) =>
        char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    /// <summary>E.164. A spreadsheet reads it as a number, which does nothing.</summary>
    private static bool IsPhoneNumber(string text) =>
        text is ['+', .. { Length: > 0 and <= MaxPhoneDigits } digits] && digits.All(char.IsAsciiDigit);
}
