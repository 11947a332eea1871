using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Push;

/// <summary>The data of a phone. All members but the version are null until it is enrolled.</summary>
internal sealed record PushDataV1
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>The id that the phone has given itself.</summary>
    public string? Identifier { get; init; }

    /// <summary>A JSON Web Key.</summary>
    public string? PublicKey { get; init; }

    /// <summary><c>APNS</c> or <c>GCM</c>.</summary>
    public string? Service { get; init; }

    /// <summary>The address of the app at the push service. Null once the service has said that the app is gone.</summary>
    public string? Token { get; init; }

    /// <summary>The ARN of <see cref="Token"/> at Amazon SNS. Null until a message was sent through it.</summary>
    public string? Endpoint { get; init; }

    /// <summary>A hash of the token with which the phone changes or removes itself.</summary>
    public byte[]? DeviceTokenHash { get; init; }

    public override string ToString() => "***";
}

/// <param name="NonceHash">A keyed hash of the text that the phone signs.</param>
internal sealed record PushChallengeDataV1(byte[] NonceHash)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>The id of the consent that the phone can read; null if there is none.</summary>
    public string? ConsentId { get; init; }

    /// <summary>See <see cref="ChallengeDraft.BindingMessage"/>.</summary>
    public string? BindingMessage { get; init; }

    /// <summary>The address from which it was requested.</summary>
    public string? Address { get; init; }

    /// <summary>The browser in which it was requested.</summary>
    public string? Browser { get; init; }

    /// <summary>Hashes of the proofs with which the consent was read. Each proof works once.</summary>
    public IReadOnlyList<string> UsedProofs { get; init; } = [];
}
