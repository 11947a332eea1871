using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tickets;

/// <summary>A single-use, expiring invitation to enroll. Only its holder knows its id.</summary>
internal sealed record Ticket
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(5);

    public required TenantId Tenant { get; init; }

    public required byte[] Hash { get; init; }

    public required string UserId { get; init; }

    /// <summary>The only factor that may be enrolled, in the words of the ticket API; null for any.</summary>
    public string? Factor { get; init; }

    /// <summary>Whether a user who has an authenticator may enroll another.</summary>
    public bool AllowMultipleEnrollments { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required LinkTimes Times { get; init; }
}
