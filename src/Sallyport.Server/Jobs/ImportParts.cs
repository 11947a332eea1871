using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sallyport.Server.Jobs;

/// <summary>The parts of the form that <c>POST /jobs/users-imports</c> takes: any other is refused.</summary>
public sealed record ImportParts
{
    internal const string File = "users";

    /// <summary>Of a part that is no file, in bytes.</summary>
    internal const int MaxTextLength = 300;

    internal static readonly IReadOnlyList<JsonPropertyInfo> All = [.. JobJson.Default.ImportParts.Properties];

    /// <summary>A JSON array of users, of 500 kB at the most.</summary>
    [JsonPropertyName(File), JsonRequired, FilePart]
    public byte[] Users { get; init; } = [];

    [JsonPropertyName("connection_id"), JsonRequired, StringLength(MaxTextLength)]
    public string ConnectionId { get; init; } = "";

    /// <summary>Whether a user who is there already is changed, instead of being refused.</summary>
    [JsonPropertyName("upsert")]
    public bool? Upsert { get; init; }

    /// <summary>Returned with the job.</summary>
    [JsonPropertyName("external_id"), StringLength(MaxTextLength)]
    public string? ExternalId { get; init; }

    [JsonPropertyName("send_completion_email")]
    public bool? SendCompletionEmail { get; init; }
}
