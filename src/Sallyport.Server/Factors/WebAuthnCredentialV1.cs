namespace Sallyport.Server.Factors;

/// <summary>What is stored of a WebAuthn credential beside its id.</summary>
/// <param name="PublicKey">COSE (RFC 9052), base64.</param>
internal sealed record WebAuthnCredentialV1(string PublicKey)
{
    public string? RelyingPartyIdentifier { get; init; }

    public string? Aaguid { get; init; }

    /// <summary><c>single_device</c> or <c>multi_device</c>.</summary>
    public string? DeviceType { get; init; }

    public bool? BackedUp { get; init; }

    public string? IdentityUserId { get; init; }

    public string? UserAgent { get; init; }

    public string? UserHandle { get; init; }

    public IReadOnlyList<string>? Transports { get; init; }
}
