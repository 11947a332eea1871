using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>
/// Something that people are given because of their factors. It ends when a factor is taken away: what a stolen phone has opened
/// does not stay open (CVE-2024-21722).
/// </summary>
internal interface IFactorGrant
{
    Statement End(TenantId tenant, string userId, DateTimeOffset now);
}
