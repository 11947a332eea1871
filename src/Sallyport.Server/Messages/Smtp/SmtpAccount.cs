namespace Sallyport.Server.Messages.Smtp;

/// <summary>Where mail is handed over, and as whom.</summary>
/// <param name="User">Null where the server asks nobody who they are.</param>
internal sealed record SmtpAccount(string Host, int Port, string? User, string? Password)
{
    /// <summary>RFC 8314 section 3.3: TLS from the first byte.</summary>
    private const int ImplicitTlsPort = 465;

    public bool HasImplicitTls { get; init; } = Port == ImplicitTlsPort;

    /// <summary>What stays on this machine needs no encryption.</summary>
    public bool IsLocal { get; init; } = Host is "localhost" || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    public override string ToString() => $"{Host}:{Port} ***";
}
