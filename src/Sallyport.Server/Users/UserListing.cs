using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http;

namespace Sallyport.Server.Users;

/// <summary>What <c>GET /users</c> is asked for.</summary>
internal sealed partial record UserListing(Page Page, string? Connection, string OrderBy) : IEndpointParameterMetadataProvider
{
    private const int MaxResults = 1000;

    /// <summary>Sort names and the columns behind them. Nothing else reaches the SQL.</summary>
    private static readonly Dictionary<string, string> SortColumns = new(StringComparer.Ordinal)
    {
        ["created_at"] = "created_at",
        ["updated_at"] = "updated_at",
        ["email"] = "email",
        ["name"] = "name",
        ["nickname"] = "nickname",
        ["given_name"] = "given_name",
        ["family_name"] = "family_name",
        ["username"] = "username",
        ["user_id"] = "user_id",
    };

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        foreach (var (name, type) in new[]
        {
            ("page", JsonSchemaType.Integer), ("per_page", JsonSchemaType.Integer), ("include_totals", JsonSchemaType.Boolean),
            ("sort", JsonSchemaType.String), ("connection", JsonSchemaType.String),
        })
        {
            builder.Metadata.Add(new QueryParameter(name, type));
        }
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<UserListing> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var page = await Page.BindAsync(context, parameter);
        if ((long)page.Start + page.Size > MaxResults)
        {
            throw new ApiException(ApiError.BadRequest(
                $"You can only page through the first {MaxResults} records.", ErrorCodes.InvalidQueryString));
        }

        if (query.ContainsKey("q"))
        {
            throw new ApiException(ApiError.Query("Search is not supported yet; list users or use /users-by-email", "q"));
        }

        return new UserListing(page, QueryValues.Text(query, "connection"), ReadSort(query["sort"]));
    }

    private static string ReadSort(string? sort)
    {
        if (string.IsNullOrEmpty(sort))
        {
            return "created_at";
        }

        var match = SortPattern().Match(sort);
        if (!match.Success || !SortColumns.TryGetValue(match.Groups[1].Value, out var column))
        {
            throw new ApiException(ApiError.Query("Must be field:1 or field:-1 with a sortable field", "sort"));
        }

        return match.Groups[2].Value == "1" ? column : column + " DESC";
    }

    [GeneratedRegex(@"^([a-z_]{1,40}):(1|-1)\z")]
    private static partial Regex SortPattern();
}
