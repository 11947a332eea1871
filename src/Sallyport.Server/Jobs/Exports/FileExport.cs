using System.Runtime.CompilerServices;
using System.Text;
using Sallyport.Server.Audit;
using Sallyport.Server.Connections;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs.Exports;

/// <summary>Writes all users of one moment to a stream, from the command line. It is logged before the first byte is written.</summary>
internal sealed class FileExport(Database database, AuditLog audit)
{
    private const int FlushLength = 64 * 1024;

    /// <returns>The number of users; null if there is no such connection.</returns>
    public async Task<long?> RunAsync(CallContext call, JobParametersV1 parameters, Stream output, CancellationToken cancellationToken)
    {
        var isKnown = await database.WriteAsync(
            async unit =>
            {
                if (parameters.Connection is { } name && !await ConnectionStore.HoldAsync(unit, call.Tenant, name, cancellationToken))
                {
                    return false;
                }

                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null) with { Type = AuditTypes.ExportDownloaded });
                return true;
            },
            cancellationToken);
        return isKnown
            ? await database.ReadSnapshotAsync(session => WriteAsync(session, call.Tenant, parameters, output, cancellationToken), cancellationToken)
            : null;
    }

    private static async ValueTask<long> WriteAsync(
        Session session, TenantId tenant, JobParametersV1 parameters, Stream output, CancellationToken cancellationToken)
    {
        var text = new StringBuilder(new ExportFormat(parameters).Header);
        var users = 0L;
        await foreach (var line in ExportLines.ReadAsync(session, tenant, parameters, cancellationToken))
        {
            users++;
            text.Append(line);
            if (text.Length >= FlushLength)
            {
                await FlushAsync();
            }
        }

        await FlushAsync();
        await output.FlushAsync(cancellationToken);
        return users;

        async Task FlushAsync()
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
            text.Clear();
        }
    }
}

/// <summary>Reads the users of an export page by page.</summary>
internal static class ExportLines
{
    /// <returns>One line for each user, without the header of the file.</returns>
    public static async IAsyncEnumerable<string> ReadAsync(
        Session session, TenantId tenant, JobParametersV1 parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var format = new ExportFormat(parameters);
        var (after, left) = ("", parameters.Limit ?? long.MaxValue);
        while (left > 0)
        {
            var step = (parameters.Connection, after, Limit: Math.Min(left, ExportJob.PageSize));
            var users = await UserStore.ListAfterAsync(session, tenant, step, cancellationToken);
            foreach (var user in users)
            {
                yield return format.Line(user);
            }

            if (users.Count < step.Limit)
            {
                break;
            }

            (after, left) = (users[^1].UserId, left - users.Count);
        }
    }
}
