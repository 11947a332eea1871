namespace Sallyport.Server.Tickets;

/// <summary>The words of the ticket API for factors, which differ from those of the factor list in one place.</summary>
internal static class TicketFactors
{
    public const string Phone = "phone";
    public const string Email = "email";

    private const string Sms = "sms";

    /// <returns>The factor that such a ticket enrolls, as the tenant's list calls it; null where it is not restricted.</returns>
    public static string? Enrolls(string? ticketFactor) => ticketFactor == Phone ? Sms : ticketFactor;
}
