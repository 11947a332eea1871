using Sallyport.Server.Http.Payloads;
using System.Text.Json;
using Sallyport.Server.Http;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs;

/// <summary>A record of a file, checked as a request is: either it can be written, or it says why not.</summary>
/// <param name="Raw">Of one that can be written: of a refused one nothing is held but what its failure repeats.</param>
internal sealed record ImportCandidate(JsonElement Raw, ImportRecord? Record, User? User, ImportFailure? Failure)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Hashes of other houses come later: taken without a word, they would leave a user whose password is not one.</summary>
    private static readonly string[] NotYet = ["password_hash", "custom_password_hash"];

    private static readonly PayloadSchema Schema = PayloadSchema.For(JobJson.Default.ImportRecord);

    /// <summary>A record that was not even read.</summary>
    public static readonly ImportCandidate TooLong =
        Refused(default, ApiError.Payload($"A line has more than {JsonLines.MaxLength} bytes"));

    /// <param name="json">One JSON value.</param>
    /// <param name="connection">Where a user goes that is new.</param>
    public static ImportCandidate Of(ReadOnlyMemory<byte> json, string connection, TimeProvider clock)
    {
        JsonElement raw = default;
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            raw = document.RootElement.Clone();
            Schema.Check(RefuseHashes(raw));
            var record = raw.Deserialize(JobJson.Default.ImportRecord)!;
            return FindFault(record) is { } fault
                ? Refused(raw, fault)
                : new ImportCandidate(raw, record, NewUser.Of(record, connection, clock), Failure: null);
        }
        catch (ApiException exception)
        {
            return Refused(raw, exception.Error);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Refused(raw, ApiError.Payload("Malformed JSON, a property that is there twice, or a text that is not valid Unicode"));
        }
    }

    public ImportCandidate Refuse(string code, string message) => this with { Failure = ImportFailure.Of(Raw, code, message) };

    public override string ToString() => "ImportCandidate ***";

    private static ImportCandidate Refused(JsonElement raw, ApiError fault)
    {
        var code = fault.Property?.StartsWith("mfa_factors", StringComparison.Ordinal) == true
            ? ImportFailure.FactorsFailed
            : ImportFailure.InvalidFormat;
        return new ImportCandidate(Raw: default, Record: null, User: null, ImportFailure.Of(raw, code, fault.Message, fault.Property));
    }

    private static JsonElement RefuseHashes(JsonElement raw)
    {
        var name = raw.ValueKind == JsonValueKind.Object ? NotYet.FirstOrDefault(name => raw.TryGetProperty(name, out _)) : null;
        return name is null ? raw : throw new ApiException(ApiError.Payload("Password hashes cannot be imported yet; leave it out", name));
    }

    private static ApiError? FindFault(ImportRecord record) =>
        record.FindMissing()
        ?? (record.Factors?.All(factor => factor.IsOne) == false ? ApiError.Payload("Each has exactly one of totp, phone and email", "mfa_factors") : null);
}
