"""Resources of AWS that manifests and programs describe: Crossplane, ACK, eksctl, Pulumi."""
