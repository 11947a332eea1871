using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>Requests of the Guardian API are open: unknown members are ignored (docs/wire.md §8).</summary>
public abstract record GuardianRequest
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record StartFlowRequest : GuardianRequest
{
    /// <summary>How the client learns of changes: <c>polling</c> or <c>socket</c>. Nodes are not notified of the changes of a polling client.</summary>
    [JsonPropertyName("state_transport"), StringLength(32)]
    public string? StateTransport { get; init; }
}

public sealed record VerifyOtpRequest : GuardianRequest
{
    [JsonPropertyName("type"), AllowedValues("manual_input")]
    public string? Type { get; init; }

    [JsonPropertyName("code"), JsonRequired]
    public string Code { get; init; } = "";

    public override string ToString() => "***";
}

public sealed record RecoverAccountRequest : GuardianRequest
{
    [JsonPropertyName("recovery_code"), JsonRequired]
    public string RecoveryCode { get; init; } = "";

    public override string ToString() => "***";
}

public sealed record QrCodeRequest : GuardianRequest
{
    [JsonPropertyName("text"), JsonRequired, StringLength(1024, MinimumLength = 1)]
    public string Text { get; init; } = "";

    public override string ToString() => "***";
}
