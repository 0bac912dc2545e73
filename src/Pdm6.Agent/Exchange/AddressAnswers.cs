using System.Net.Sockets;
using Pdm6.Registration.Addresses;
using Pdm6.Registration.Identities;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Agent.Exchange;

/// <summary>Answers others who check our addresses before they give us keys.</summary>
internal static class AddressAnswers
{
    /// <summary>Answers until told to stop.</summary>
    /// <exception cref="AgentException">The port is taken.</exception>
    internal static async Task RunAsync(
        IdentityDirectory directory, IReadOnlyList<Ipv6Address> addresses, TimeProvider time, CancellationToken stop)
    {
        List<AddressCheckResponder> responders = [];
        List<IdentityKey> keys = []; // one each: they are not for several threads
        try
        {
            foreach (Ipv6Address address in addresses)
            {
                keys.Add(directory.OpenIdentityKey());
                responders.Add(AddressCheckResponder.Start(keys[^1], address, time));
            }
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(false);
        }
        catch (SocketException taken)
        {
            throw new AgentException(
                $"UDP port {AddressCheck.DefaultPort}, where others ask whether our addresses are ours, cannot be used ({taken.Message}): stop "
                + "the program that has it", taken);
        }
        finally
        {
            foreach (AddressCheckResponder responder in responders)
                await responder.DisposeAsync().ConfigureAwait(false);
            keys.ForEach(key => key.Dispose());
        }
    }
}
