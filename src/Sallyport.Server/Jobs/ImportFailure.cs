using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Jobs;

/// <summary>A record that was refused, as <c>GET /jobs/{id}/errors</c> shows it.</summary>
public sealed record ImportFailure(
    [property: JsonPropertyName("user")] IReadOnlyDictionary<string, string> User,
    [property: JsonPropertyName("errors")] IReadOnlyList<ImportError> Errors)
{
    internal const string InvalidFormat = "INVALID_FORMAT";
    internal const string DuplicatedUser = "DUPLICATED_USER";
    internal const string FactorsFailed = "MFA_FACTORS_FAILED";

    private const int MaxLength = 256;

    /// <summary>All that is repeated of a record: anything else of it may be a secret, also under a name that is not known.</summary>
    private static readonly string[] Repeated = ["user_id", "email", "username", "phone_number"];

    internal static ImportFailure Of(JsonElement record, string code, string message, string? path = null) =>
        new(Repeat(record), [new ImportError(code, message, path)]);

    private static Dictionary<string, string> Repeat(JsonElement record)
    {
        var user = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in record.ValueKind == JsonValueKind.Object ? Repeated : [])
        {
            if (record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && Read(value) is { } text)
            {
                user[name] = text;
            }
        }

        return user;
    }

    private static string? Read(JsonElement value)
    {
        try
        {
            return value.GetString() is { Length: <= MaxLength } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }
}

public sealed record ImportError(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("path")] string? Path);
