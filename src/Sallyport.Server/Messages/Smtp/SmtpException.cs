namespace Sallyport.Server.Messages.Smtp;

/// <summary>The mail was not taken.</summary>
internal sealed class SmtpException(string message) : Exception(message)
{
    /// <summary>This mail will never be taken (RFC 5321 section 4.2.1): nothing is won by trying again.</summary>
    public bool IsPermanent { get; init; }
}
