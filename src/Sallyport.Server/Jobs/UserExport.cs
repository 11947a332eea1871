using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs;

/// <summary>Writes users as lines of JSON or as CSV (RFC 4180), some hundred at a time. A user has no secret that is shown.</summary>
internal sealed class UserExport(Database database)
{
    private const int PageSize = 500;

    /// <summary>Of a CSV where none are named.</summary>
    private static readonly ExportField[] DefaultColumns =
    [
        .. new[]
        {
            "user_id", "email", "email_verified", "username", "phone_number", "phone_verified", "name", "nickname", "given_name",
            "family_name", "picture", "blocked", "created_at", "updated_at",
        }.Select(name => new ExportField { Name = name }),
        new ExportField { Name = "identities[0].connection", ExportAs = "connection" },
    ];

    private static readonly TenantId Tenant = TenantId.Default;

    public async Task WriteAsync(Stream stream, JobParametersV1 parameters, CancellationToken cancellationToken)
    {
        var write = Writer(parameters, out var header);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(header), cancellationToken);
        var (after, left) = ("", parameters.Limit ?? long.MaxValue);
        while (left > 0)
        {
            var step = (parameters.Connection, after, Limit: Math.Min(left, PageSize));
            var users = await database.ReadAsync(
                session => UserStore.ListAfterAsync(session, Tenant, step, cancellationToken), cancellationToken);
            var page = new StringBuilder();
            users.ForEach(user => page.Append(write(user)).Append('\n'));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(page.ToString()), cancellationToken);
            if (users.Count < step.Limit)
            {
                break;
            }

            (after, left) = (users[^1].UserId, left - users.Count);
        }
    }

    private static Func<User, string> Writer(JobParametersV1 parameters, out string header)
    {
        if (parameters.Format == CreateExportRequest.Csv)
        {
            var columns = parameters.Fields ?? DefaultColumns;
            header = string.Join(',', columns.Select(column => CsvText.Of(column.ExportAs ?? column.Name))) + "\r\n";
            return user => string.Join(',', Values(user, columns).Select(value => CsvText.Of(Text(value)))) + "\r";
        }

        header = "";
        return parameters.Fields is not { } fields
            ? user => JsonSerializer.Serialize(user, UserJson.Default.User)
            : user => Select(user, fields).ToJsonString();
    }

    private static JsonObject Select(User user, ExportField[] fields)
    {
        var selected = new JsonObject();
        foreach (var (field, value) in fields.Zip(Values(user, fields)).Where(pair => pair.Second is not null))
        {
            selected[field.ExportAs ?? field.Name] = value!.DeepClone();
        }

        return selected;
    }

    private static IEnumerable<JsonNode?> Values(User user, ExportField[] fields)
    {
        var node = JsonSerializer.SerializeToNode(user, UserJson.Default.User)!;
        return fields.Select(field => Find(node, field.Name));
    }

    /// <summary>What lies nowhere is left out, as what is not known is.</summary>
    private static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (var step in path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.'))
        {
            node = node switch
            {
                JsonObject members => members[step],
                JsonArray items when int.TryParse(step, out var index) && index >= 0 && index < items.Count => items[index],
                _ => null,
            };
        }

        return node;
    }

    private static string Text(JsonNode? value) =>
        value is null ? "" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}
