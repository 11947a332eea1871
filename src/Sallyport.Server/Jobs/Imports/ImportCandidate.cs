using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs.Imports;

/// <summary>A record that was parsed and checked like a request. It has either a user or a failure.</summary>
/// <param name="Raw">Empty for a refused record: only what its failure repeats is held.</param>
internal sealed record ImportCandidate(long Number, JsonElement Raw, ImportRecord? Record, User? User, ImportFailure? Failure)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Password hashes of other systems. If they were ignored, the user would have no password and nobody would notice.</summary>
    private static readonly string[] Unsupported = ["password_hash", "custom_password_hash"];

    private static readonly PayloadSchema Schema = PayloadSchema.For(JobJson.Default.ImportRecord);

    /// <param name="connection">The connection of a new user.</param>
    public static ImportCandidate Of(SourceRecord source, string connection, TimeProvider clock)
    {
        if (source.Json is not { } json)
        {
            return Refused(source.Number, default, ApiError.Payload($"A line has more than {JsonLines.MaxLength} bytes"));
        }

        JsonElement raw = default;
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            raw = document.RootElement.Clone();
            Schema.Check(RefuseHashes(raw));
            var record = raw.Deserialize(JobJson.Default.ImportRecord)!;
            var user = NewUser.Of(record, connection, clock);
            return FindFault(record, user) is { } fault
                ? Refused(source.Number, raw, fault)
                : new ImportCandidate(source.Number, raw, record, user, Failure: null);
        }
        catch (ApiException exception)
        {
            return Refused(source.Number, raw, exception.Error);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Refused(source.Number, raw, ApiError.Payload("Malformed JSON, a property that occurs twice, or a text that is not valid Unicode"));
        }
    }

    public ImportFailure Refuse(string code, string message) => ImportFailure.Of(Raw, code, message);

    public override string ToString() => "ImportCandidate ***";

    private static ImportCandidate Refused(long number, JsonElement raw, ApiError fault)
    {
        var code = fault.Property?.StartsWith(ImportRecord.FactorsName, StringComparison.Ordinal) == true
            ? ImportFailure.FactorsFailed
            : ImportFailure.InvalidFormat;
        var failure = ImportFailure.Of(raw, code, fault.Message, fault.Property);
        return new ImportCandidate(number, Raw: default, Record: null, User: null, failure);
    }

    private static JsonElement RefuseHashes(JsonElement raw)
    {
        var name = raw.ValueKind == JsonValueKind.Object ? Unsupported.FirstOrDefault(name => raw.TryGetProperty(name, out _)) : null;
        return name is null ? raw : throw new ApiException(ApiError.Payload("Password hashes cannot be imported yet; leave it out", name));
    }

    private static ApiError? FindFault(ImportRecord record, User user) =>
        record.FindMissing()
        ?? (UserRules.HasTooMuchMetadata(user) ? ApiError.Payload(UserRules.TooMuchMetadata) : null)
        ?? (record.Factors?.All(factor => factor.IsOne) == false
            ? ApiError.Payload("Each factor must have exactly one of totp, phone and email", ImportRecord.FactorsName)
            : null);
}

/// <summary>A refused record, as <c>GET /jobs/{id}/errors</c> shows it.</summary>
public sealed record ImportFailure(
    [property: JsonPropertyName("user")] IReadOnlyDictionary<string, string> User,
    [property: JsonPropertyName("errors")] IReadOnlyList<ImportError> Errors)
{
    internal const string InvalidFormat = "INVALID_FORMAT";
    internal const string DuplicatedUser = "DUPLICATED_USER";
    internal const string FactorsFailed = "MFA_FACTORS_FAILED";

    private const int MaxLength = 256;

    /// <summary>The only members that are repeated: any other may hold a secret, even under an unknown name.</summary>
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
