using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Factors;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs.Unenrollments;

/// <summary>Body of <c>POST /jobs/unenrollments</c>, which is not in the published API.</summary>
public sealed record CreateUnenrollmentRequest
{
    /// <summary>A name of <c>/guardian/factors</c>.</summary>
    [JsonPropertyName("factor"), JsonRequired, StringLength(64, MinimumLength = 1)]
    public string Factor { get; init; } = "";

    /// <summary>The same name again: every user loses the factor, and nothing brings it back.</summary>
    [JsonPropertyName("confirm"), JsonRequired, StringLength(64, MinimumLength = 1)]
    public string Confirm { get; init; } = "";
}

/// <summary>
/// Runs a job that removes the authenticators of one factor from all users, as a removal for a single user does. Those that were made after the
/// job was created stay.
/// </summary>
internal sealed class UnenrollmentJob(Database database, RemoveAuthenticators remove)
{
    private const int PageSize = 200;

    public async Task RunAsync(HeldJob job, CancellationToken cancellationToken)
    {
        var (factor, createdAt) = (job.Job.Parameters.Factor!, job.Job.CreatedAt);
        var (position, after) = (job.Job.Progress.Position, "");
        while (true)
        {
            var users = await database.ReadAsync(
                session => AuthenticatorStore.ListUsersAsync(session, job.Call.Tenant, (factor, createdAt, after, PageSize), cancellationToken),
                cancellationToken);
            foreach (var userId in users)
            {
                if (!await TryRemoveAsync(job, position, userId, cancellationToken))
                {
                    return;
                }

                position++;
            }

            if (users.Count < PageSize)
            {
                break;
            }

            after = users[^1];
        }

        await database.WriteAsync(unit => unit.TryApplyAsync([job.Complete()], cancellationToken), cancellationToken);
    }

    /// <returns>False if the job was taken over by another worker; nothing is removed then.</returns>
    private async ValueTask<bool> TryRemoveAsync(HeldJob job, long position, string userId, CancellationToken cancellationToken)
    {
        var removal = new Removal(
            userId, authenticator => authenticator.Factor == job.Job.Parameters.Factor && authenticator.CreatedAt <= job.Job.CreatedAt);
        return await database.WriteAsync(
            async unit =>
            {
                if (!await unit.TryApplyAsync([job.Advance((position, position + 1))], cancellationToken))
                {
                    return false;
                }

                if (await remove.TryRunAsync(unit, job.Call, removal, cancellationToken))
                {
                    unit.Enqueue(JobStore.Count(job.Call.Tenant, job.Job.Id, new ImportCounts(0, Updated: 1, 0)));
                }

                return true;
            },
            cancellationToken);
    }
}
