namespace Sallyport.Server.HostedPages;

/// <summary>What a page is told in <c>errors</c>. The widget has words for each code; other pages show the message.</summary>
internal static class PageErrors
{
    public const string TicketUnknown = "ticket_unknown";
    public const string TicketUsed = "ticket_used";
    public const string TicketExpired = "ticket_expired";
}
