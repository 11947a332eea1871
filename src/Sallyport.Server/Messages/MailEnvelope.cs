namespace Sallyport.Server.Messages;

/// <summary>Who hands a mail over, from whom it is and for whom: what a mail server is told beside the mail.</summary>
internal sealed record MailEnvelope(string ClientName, string From, string To);
