using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs.Exports;

/// <summary>The address of a finished export. It is sealed by the key ring: every node can open it, nobody can guess it, and it expires.</summary>
internal sealed class ExportLink(ColumnCipher cipher, SallyportOptions options, TimeProvider clock)
{
    /// <summary>The lifetime of the published API.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <returns>Null if the job is not a completed export.</returns>
    public string? Create(TenantId tenant, Job job)
    {
        if (job is not { Type: Job.UsersExport, Status: Job.Completed })
        {
            return null;
        }

        var id = Encoding.UTF8.GetBytes(job.Id);
        var content = new byte[sizeof(long) + id.Length];
        BinaryPrimitives.WriteInt64BigEndian(content, (clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        id.CopyTo(content, sizeof(long));
        var token = Base64Url.EncodeToString(cipher.Seal(content, BoundTo(tenant)));
        return $"{options.PublicUrl}/exports/{token}/{job.Id}.{job.Parameters.Format}.gz";
    }

    /// <returns>The id of the job; null if the link is invalid or has expired.</returns>
    public string? Open(TenantId tenant, string token)
    {
        try
        {
            var content = cipher.Open(Base64Url.DecodeFromChars(token), BoundTo(tenant));
            return BinaryPrimitives.ReadInt64BigEndian(content) > clock.GetUtcNow().ToUnixTimeMilliseconds()
                ? Encoding.UTF8.GetString(content.AsSpan(sizeof(long)))
                : null;
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static AssociatedData BoundTo(TenantId tenant) => new(tenant, "job", "location", "");
}
