using Sallyport.Server.Configuration;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Tickets;

internal static class TicketServices
{
    public static void AddTickets(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<ITransactionOrigin, TicketOrigin>();
        services.AddSingleton<TicketFactory>();
        services.AddSingleton<TicketMail>();
        services.AddSingleton<CreateTicket>();
        services.AddSingleton<WithdrawTickets>();
        services.AddSingleton<TicketQueries>();
        services.AddSingleton<Users.IUserCredential, TicketCredentials>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TicketJson.Default));
        services.AddSingleton(TicketStore.Links.Retention(retention.Tickets));
    }
}
