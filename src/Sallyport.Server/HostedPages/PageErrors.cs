namespace Sallyport.Server.HostedPages;

/// <summary>The codes in the page variable <c>errors</c>. The widget has a text for each; other pages show the message.</summary>
internal static class PageErrors
{
    public const string TicketUnknown = "ticket_unknown";
    public const string TicketUsed = "ticket_used";
    public const string TicketExpired = "ticket_expired";
    public const string TicketWithdrawn = "ticket_withdrawn";
    public const string SignInExpired = "globalTransactionExpired";
    public const string UserBlocked = "user_blocked";
}
