using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Jobs;

/// <summary>Users to import, read from the form of <c>POST /jobs/users-imports</c>.</summary>
/// <param name="Users">A JSON array.</param>
/// <param name="Count">The number of its items.</param>
internal sealed record ImportRequest(ReadOnlyMemory<byte> Users, int Count, JobParametersV1 Parameters);

/// <summary>Body of <c>POST /jobs/users-exports</c>.</summary>
public sealed record CreateExportRequest
{
    public const string Json = "json";
    public const string Csv = "csv";

    [JsonPropertyName("connection_id"), StringLength(64, MinimumLength = 1)]
    public string? ConnectionId { get; init; }

    [JsonPropertyName("format"), AllowedValues(Json, Csv)]
    public string? Format { get; init; }

    [JsonPropertyName("limit"), Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    [JsonPropertyName("fields"), Length(1, 100)]
    public ExportField[]? Fields { get; init; }
}

/// <summary>A part of a user by its path, such as <c>user_metadata.plan</c> or <c>identities[0].connection</c>.</summary>
public sealed record ExportField
{
    [JsonPropertyName("name"), JsonRequired, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [JsonPropertyName("export_as"), StringLength(100, MinimumLength = 1)]
    public string? ExportAs { get; init; }
}

/// <summary>Body of <c>POST /jobs/verification-email</c>.</summary>
public sealed record CreateVerificationEmailRequest
{
    [JsonPropertyName("user_id"), JsonRequired, StringLength(600, MinimumLength = 1)]
    public string UserId { get; init; } = "";

    [JsonPropertyName("client_id"), StringLength(64, MinimumLength = 1)]
    public string? ClientId { get; init; }

    [JsonPropertyName("identity")]
    public VerificationIdentity? Identity { get; init; }

    [JsonPropertyName("organization_id"), StringLength(64, MinimumLength = 1)]
    public string? OrganizationId { get; init; }
}

public sealed record VerificationIdentity
{
    [JsonPropertyName("user_id"), JsonRequired, StringLength(600, MinimumLength = 1)]
    public string UserId { get; init; } = "";

    [JsonPropertyName("provider"), JsonRequired, StringLength(64, MinimumLength = 1)]
    public string Provider { get; init; } = "";

    [JsonPropertyName("connection_id"), StringLength(64, MinimumLength = 1)]
    public string? ConnectionId { get; init; }
}
