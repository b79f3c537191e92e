#!/bin/sh
# Puts the Bicep compiler beside the packages (node_modules/.cache/bicep), from NuGet, by the .NET SDK.
set -eu
version=0.49.2
cache=$(cd "$(dirname "$0")/.." && pwd)/node_modules/.cache/bicep
[ ! -x "$cache/bicep" ] || [ "$(cat "$cache/version" 2>/dev/null)" != "$version" ] || exit 0
command -v dotnet >/dev/null || { echo 'The .NET SDK is not there: install the compiler as https://aka.ms/bicep-install says.' >&2; exit 1; }
case "$(uname -sm)" in
  'Linux x86_64') platform=linux-x64 ;;
  'Linux aarch64') platform=linux-arm64 ;;
  'Darwin x86_64') platform=osx-x64 ;;
  'Darwin arm64') platform=osx-arm64 ;;
  *) echo 'Install the compiler as https://aka.ms/bicep-install says.' >&2; exit 1 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/get.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net8.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup><PackageDownload Include="Azure.Bicep.CommandLine.$platform" Version="[$version]" /></ItemGroup>
</Project>
END
dotnet restore "$work/get.csproj" --packages "$work/packages" --verbosity quiet
mkdir -p "$cache"
cp "$work/packages/azure.bicep.commandline.$platform/$version/tools/bicep" "$cache/bicep"
chmod +x "$cache/bicep"
printf '%s' "$version" >"$cache/version"
